import type { FramedMask, Regions } from './components';
import type { Overlap } from './overlap';

export interface LostCell {
  /** Its label in the truth. */
  readonly cell: number;
  /** All its places. */
  readonly places: Int32Array;
}

/**
 * True cells without any interior in the prediction, even after warping.
 * `warped` are the components of the truth warped towards the prediction,
 * `overlap` says which cells they were.
 */
export function lostCells(
  prediction: FramedMask,
  warped: Regions,
  overlap: Overlap,
  truth: Regions,
): readonly LostCell[] {
  const found = new Set<number>();
  for (let p = 0; p < warped.labels.length; p++) {
    const label = warped.labels[p] ?? 0;
    if (label > 0 && prediction.inside[p] === 1) found.add(label);
  }
  const placesOf = new Map<number, number[]>();
  for (let label = 1; label <= warped.count; label++) {
    const cell = found.has(label) ? undefined : overlap.mostOf(label);
    if (cell !== undefined) placesOf.set(cell, []);
  }
  if (placesOf.size === 0) return [];
  truth.labels.forEach((label, p) => placesOf.get(label)?.push(p));
  return [...placesOf].map(([cell, places]) => ({ cell, places: Int32Array.from(places) }));
}

/**
 * Thinning gives the place of a lost cell to neighbours. Pixels of the region
 * that takes most of it, in the lost cell and in the cell that the region has
 * most of.
 */
export function takenOver(cell: number, takers: Overlap, cover: Overlap): readonly number[] {
  const region = takers.mostOf(cell);
  if (region === undefined) return [];
  const neighbour = cover.mostOf(region);
  const cells = neighbour === undefined || neighbour === cell ? [cell] : [neighbour, cell];
  return cells.map((each) => cover.pixels(region, each));
}
