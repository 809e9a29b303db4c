import { tilesIn, type Rect } from '#contract/tiles';
import { isAbort } from '#contract/errors';
import type { LabelSession } from '#labels/label-session';
import type { SlicePace } from './slice-pace';
import { visibleRect, type ViewGeometry } from './view-geometry';

/** Labels are loaded this far beyond what is in sight, in image pixels: a brush reaches out of the view. */
const MARGIN = 512;

/** Keeps the labels loaded that are in sight, and those of the neighbouring slices. */
export class LabelFeed {
  readonly #session: LabelSession;
  readonly #labelled: (z: number) => boolean;
  readonly #arrived: (z: number) => void;
  readonly #failed: (error: unknown) => void;
  #loading = new AbortController();
  #wanted = '';

  constructor(
    session: LabelSession,
    labelled: (z: number) => boolean,
    arrived: (z: number) => void,
    failed: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#labelled = labelled;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  /** In a rush slices without labels are passed over: they are asked for when somebody stays. */
  want(geometry: ViewGeometry, z: number, depth: number, pace: SlicePace): void {
    if (pace.rushing && !this.#labelled(z)) {
      this.#loading.abort();
      this.#wanted = '';
      return;
    }
    const rect = visibleRect(geometry, MARGIN);
    const tiles = tilesIn(rect, geometry.imageWidth, geometry.imageHeight);
    const [first, last] = [tiles[0], tiles.at(-1)];
    if (!first || !last) return;
    const wanted = [z, first.tx, first.ty, last.tx, last.ty].join(' ');
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#loading.abort();
    this.#loading = new AbortController();
    const slices = [z, z + pace.direction, z - pace.direction];
    const inStack = slices.filter((slice) => slice >= 0 && slice < depth);
    void this.#load(inStack, rect, this.#loading.signal);
  }

  dispose(): void {
    this.#loading.abort();
  }

  async #load(slices: readonly number[], rect: Rect, signal: AbortSignal): Promise<void> {
    try {
      for (const slice of slices) {
        await this.#session.load(slice, rect, signal);
        signal.throwIfAborted();
        this.#arrived(slice);
      }
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#wanted = '';
      this.#failed(error);
    }
  }
}
