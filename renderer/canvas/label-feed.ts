import { tilesIn, type Rect } from '#contract/tiles';
import { isAbort } from '#contract/errors';
import type { LabelSession } from '#labels/label-session';
import { visibleRect, type ViewGeometry } from './view-geometry';

/** Labels are loaded this far beyond what is in sight, in image pixels: a brush reaches out of the view. */
const MARGIN = 512;

/** Keeps the labels loaded that are in sight, and those of the neighbouring slices. */
export class LabelFeed {
  readonly #session: LabelSession;
  readonly #arrived: (z: number) => void;
  readonly #failed: (error: unknown) => void;
  #loading = new AbortController();
  #wanted = '';

  constructor(
    session: LabelSession,
    arrived: (z: number) => void,
    failed: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  want(geometry: ViewGeometry, z: number, depth: number): void {
    const rect = visibleRect(geometry, MARGIN);
    const tiles = tilesIn(rect, geometry.imageWidth, geometry.imageHeight);
    const [first, last] = [tiles[0], tiles.at(-1)];
    if (!first || !last) return;
    const wanted = [z, first.tx, first.ty, last.tx, last.ty].join(' ');
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#loading.abort();
    this.#loading = new AbortController();
    void this.#load(z, depth, rect, this.#loading.signal);
  }

  dispose(): void {
    this.#loading.abort();
  }

  async #load(z: number, depth: number, rect: Rect, signal: AbortSignal): Promise<void> {
    try {
      for (const slice of [z, z + 1, z - 1]) {
        if (slice < 0 || slice >= depth) continue;
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
