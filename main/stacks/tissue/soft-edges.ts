import type { ConstantRegion } from './constant-borders';
import { type MarkedSlice, neighbours, NOTHING, OUTLIER, TISSUE } from './marks';
import type { ValueSpread } from './value-spread';

/** Compression and blur reach this far beyond padding, in pixels: the side of a JPEG block. */
const DEEPEST = 8;
/** Pixels within this share of the tissue's spread from the padding's value may belong to it. */
const NEAR = 0.15;
/** They do where so many more of them lie at its edge than elsewhere in the tissue. */
const MORE = 0.25;
/** Pixels at the edge are mixed with padding where they lie so much nearer to its value than tissue does. */
const MIXED = 0.75;
/** Behind such a layer the next ones are, too, until they lie as far from it as tissue does, but for this share. */
const STILL_MIXED = 0.9;

/**
 * Where padding was compressed (JPEG) or blurred, its edge is not constant:
 * takes what clearly belongs to it, layer by layer. Layers behind that are mixed
 * of both, as turning or blurring a slice leaves them, become outliers. Gives back how many pixels were taken.
 */
export function takeSoftEdge(
  slice: MarkedSlice,
  { value, places }: ConstantRegion,
  spread: ValueSpread,
): number {
  const { values, marks } = slice;
  const near = NEAR * spread.width;
  if (!(near > 0)) return 0;
  const elsewhere = spread.shareNear(value, near);
  let taken = 0;
  let rim = edgeOf(slice, places);
  for (let layer = 0; layer < DEEPEST && rim.length > 0; layer += 1) {
    const own = rim.filter((at) => Math.abs((values[at] ?? 0) - value) <= near);
    if (own.length < rim.length * Math.min(0.95, elsewhere + MORE)) break;
    for (const at of own) marks[at] = NOTHING;
    taken += own.length;
    rim = edgeOf(slice, own);
  }
  markMixed(slice, rim, value, spread);
  return taken;
}

function markMixed(
  slice: MarkedSlice,
  first: readonly number[],
  value: number,
  spread: ValueSpread,
): void {
  const { values, marks } = slice;
  const usual = spread.meanDistance(value);
  let rim = first;
  for (let layer = 0; layer < DEEPEST && rim.length > 0; layer += 1) {
    let sum = 0;
    for (const at of rim) sum += Math.abs((values[at] ?? 0) - value);
    if (sum / rim.length >= (layer === 0 ? MIXED : STILL_MIXED) * usual) return;
    for (const at of rim) marks[at] = OUTLIER;
    rim = edgeOf(slice, rim);
  }
}

/** Tissue right beside some places, each once. */
function edgeOf(
  { width, marks }: MarkedSlice,
  places: ArrayLike<number> & Iterable<number>,
): number[] {
  const edge = new Set<number>();
  for (const at of places)
    for (const there of neighbours(at, width, marks.length))
      if (marks[there] === TISSUE) edge.add(there);
  return [...edge];
}
