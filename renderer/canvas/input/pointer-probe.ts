import { isAbort } from '#contract/errors';
import type { Point } from '#labels/rasterize';
import type { LabelTiles } from '#labels/tile-store';
import type { SlicePicture } from '../slice-picture';
import type { PointerInfo } from '../view-types';

/** What is read of a picture, and fetched where it is not here yet. */
type Readable = Pick<SlicePicture, 'rawAt' | 'probabilityAt' | 'cellsAt' | 'inspect'>;
type Labels = Pick<LabelTiles, 'width' | 'height' | 'labelAt'>;

/** The pointer rests so long, in ms, before full-size tiles are fetched to tell its pixel. */
const REST = 120;

/** Tells the pixel under the pointer when it is another one, or when more of it has become known. */
export class PointerProbe {
  readonly #tell: (info: PointerInfo | null) => void;
  #last = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fetching = new AbortController();

  constructor(tell: (info: PointerInfo | null) => void) {
    this.#tell = tell;
  }

  ask(picture: Readable, labels: Labels, z: number, at: Point | null): void {
    const x = Math.floor(at?.x ?? -1);
    const y = Math.floor(at?.y ?? -1);
    const inside = x >= 0 && y >= 0 && x < labels.width && y < labels.height;
    const info = inside ? read(picture, labels, z, x, y) : null;
    const told = info
      ? [z, x, y, info.raw, info.probability, info.label, cellsText(info)].join(' ')
      : '';
    if (told === this.#last) return;
    this.#last = told;
    this.#tell(info);
    this.stop();
    // Raw values stay when another version is taken; its probability is still to come.
    if (info === null) return;
    if (info.raw !== null && info.probability !== null && info.cells !== null) return;
    const { signal } = this.#fetching;
    this.#timer = setTimeout(() => {
      picture.inspect(z, x, y, signal).then(
        () => {
          if (!signal.aborted) this.#tell(read(picture, labels, z, x, y));
        },
        (error: unknown) => {
          // The picture tells of unreadable tiles; here the value just stays unknown.
          if (!isAbort(error)) this.#tell(info);
        },
      );
    }, REST);
  }

  /** Gives up what is being fetched. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#fetching.abort();
    this.#fetching = new AbortController();
  }
}

function cellsText({ cells }: PointerInfo): string {
  return cells?.map(({ id }) => id).join() ?? '-';
}

function read(picture: Readable, labels: Labels, z: number, x: number, y: number): PointerInfo {
  return {
    x,
    y,
    raw: picture.rawAt(z, x, y),
    probability: picture.probabilityAt(z, x, y),
    label: labels.labelAt(z, x, y) ?? null,
    cells: picture.cellsAt(z, x, y),
  };
}
