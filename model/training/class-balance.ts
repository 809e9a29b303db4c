import type { Random } from './random';
import type { TrainingSlice } from './training-slice';

/** A pixel of a slice. */
export interface Place {
  readonly slice: TrainingSlice;
  readonly x: number;
  readonly y: number;
}

const cellSide = 32;

/** Calls back with every pixel to learn from in a cell (around `focus`, where the slice has one) and whether it is membrane. */
function forEachLabel(
  slice: TrainingSlice,
  left: number,
  top: number,
  label: (x: number, y: number, membrane: boolean) => void,
): void {
  const { width, height, focus, weight, target } = slice;
  for (let y = top; y < Math.min(height, top + cellSide); y++) {
    for (let x = left; x < Math.min(width, left + cellSide); x++) {
      const at = y * width + x;
      if ((weight[at] ?? 0) > 0 && (focus === undefined || (focus[at] ?? 0) > 0))
        label(x, y, target[at] === 1);
    }
  }
}

/**
 * The class that fewer labelled pixels of some slices show, and where it is.
 * Picking a cell first and a pixel in it second lets scattered places count as
 * much as large ones.
 */
export class RarerClass {
  readonly #membrane: boolean;
  readonly #cells: readonly Place[];

  constructor(slices: readonly TrainingSlice[]) {
    const cells: Record<'membrane' | 'interior', Place[]> = { membrane: [], interior: [] };
    const pixels = { membrane: 0, interior: 0 };
    for (const slice of slices) {
      for (let y = 0; y < slice.height; y += cellSide) {
        for (let x = 0; x < slice.width; x += cellSide) {
          const found = { membrane: 0, interior: 0 };
          forEachLabel(slice, x, y, (_x, _y, membrane) => {
            found[membrane ? 'membrane' : 'interior']++;
          });
          for (const name of ['membrane', 'interior'] as const) {
            pixels[name] += found[name];
            if (found[name] > 0) cells[name].push({ slice, x, y });
          }
        }
      }
    }
    this.#membrane = pixels.membrane <= pixels.interior;
    const both = pixels.membrane > 0 && pixels.interior > 0;
    this.#cells = both ? cells[this.#membrane ? 'membrane' : 'interior'] : [];
  }

  /** A random labelled pixel of the rarer class; undefined where only one class is labelled. */
  pick(random: Random): Place | undefined {
    const cell = this.#cells[random.integer(this.#cells.length)];
    if (cell === undefined) return undefined;
    const { slice } = cell;
    const places: Place[] = [];
    forEachLabel(slice, cell.x, cell.y, (x, y, membrane) => {
      if (membrane === this.#membrane) places.push({ slice, x, y });
    });
    return places[random.integer(places.length)];
  }
}
