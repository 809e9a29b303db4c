import { componentsOf, type Regions } from './components';
import { overlapOf, type Overlap } from './overlap';
import type { WarpingPair } from './warping';
import { flood } from './watershed';

export interface LostCell {
  /** All places of the true cell. */
  readonly places: Int32Array;
  /** Labels of the true cell and of the one that takes most of its place. */
  readonly joined: readonly number[];
}

/**
 * True cells without any interior in the prediction, even where warping moved
 * them. Thinning gives their place to neighbours, so each is counted as joined
 * with the cell whose region covers most of it.
 */
export function lostCells(
  { prediction }: WarpingPair,
  warped: Regions,
  truth: Regions,
  overlap: Overlap,
): readonly LostCell[] {
  const found = new Set<number>();
  for (let p = 0; p < warped.labels.length; p++) {
    const label = warped.labels[p] ?? 0;
    if (label > 0 && prediction.inside[p] === 1) found.add(label);
  }
  const lost = Array.from({ length: warped.count }, (_, i) => i + 1)
    .filter((label) => !found.has(label))
    .flatMap((label) => overlap.mostOf(label) ?? []);
  if (lost.length === 0) return [];
  const flooded = flood(componentsOf(prediction), prediction.width, prediction.height);
  const takenBy = overlapOf(truth, flooded);
  const comesFrom = overlapOf(flooded, truth);
  const placesOf = new Map(lost.map((cell): [number, number[]] => [cell, []]));
  truth.labels.forEach((label, p) => placesOf.get(label)?.push(p));
  return [...placesOf].map(([cell, places]) => {
    const region = takenBy.mostOf(cell);
    const neighbour = region === undefined ? undefined : comesFrom.mostOf(region);
    return {
      places: Int32Array.from(places),
      joined: neighbour === undefined || neighbour === cell ? [cell] : [cell, neighbour],
    };
  });
}
