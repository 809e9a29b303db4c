import { tilesIn, type Rect } from '#contract/tiles';
import { isAbort } from '#contract/errors';
import type { SliceLabels } from '#labels/slice-labels';
import { visibleRect, type ViewGeometry } from '../camera/view-geometry';

/** Labels are loaded this far beyond what is in sight, in image pixels: a brush reaches out of the view. */
const MARGIN = 512;

/** Keeps the labels loaded that are in sight. */
export class LabelPrefetch {
  readonly #session: SliceLabels;
  readonly #arrived: (z: number) => void;
  readonly #failed: (error: unknown) => void;
  #loading = new AbortController();
  #wanted = '';

  constructor(
    session: SliceLabels,
    arrived: (z: number) => void,
    failed: (error: unknown) => void,
  ) {
    this.#session = session;
    this.#arrived = arrived;
    this.#failed = failed;
  }

  /** Asks for the labels in sight of some slices, one slice after the other, and no longer for others. */
  want(geometry: ViewGeometry, slices: readonly number[]): void {
    const rect = visibleRect(geometry, MARGIN);
    const tiles = tilesIn(rect, geometry.imageWidth, geometry.imageHeight);
    const [first, last] = [tiles[0], tiles.at(-1)];
    if (!first || !last) return;
    const wanted = [slices.join(), first.tx, first.ty, last.tx, last.ty].join(' ');
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#loading.abort();
    this.#loading = new AbortController();
    void this.#load(slices, rect, this.#loading.signal);
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
