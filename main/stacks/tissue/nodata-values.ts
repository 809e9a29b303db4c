import type { Emptied, MarkedSlice } from './marks';
import { TISSUE } from './marks';
import { ValueSpread } from './value-spread';

/** Values at the ends that are looked at, one after the other. */
const MOST_VALUES = 8;
/** A picture of fewer values is a mask or a drawing, whose ends mean something. */
const FEWEST_VALUES = 16;
/** Ends that lie nearer to the next value than this share of the whole range are not looked at closer; the widest gap between values of real slices is 0.014 of it. */
const NEAR_SHARE = 0.05;
/** A value this many times the spread of all others away from the nearest of them is no grey value. */
const FAR = 1;

/** While they wait to be told apart by `settleSpots`. */
export const SPOT = 4;

/**
 * Marks (as `SPOT`) pixels whose value stands far outside all others at either
 * end: −9999, −3.4e38, the top of a 16-bit type over 12-bit data.
 */
export function markNodata(slice: MarkedSlice): Emptied[] {
  const found: Emptied[] = [];
  for (let turn = 0; turn < MOST_VALUES; turn += 1) {
    const value = endValue(slice, 'low') ?? endValue(slice, 'high');
    if (value === null) break;
    const { values, marks } = slice;
    let pixels = 0;
    for (let at = 0; at < marks.length; at += 1) {
      if (marks[at] !== TISSUE || values[at] !== value) continue;
      marks[at] = SPOT;
      pixels += 1;
    }
    found.push({ kind: 'no-data', value, pixels });
  }
  return found;
}

/** The lowest or highest value where it lies far from the next one; null otherwise. */
function endValue(
  { values, marks, width, height }: MarkedSlice,
  end: 'low' | 'high',
): number | null {
  const sign = end === 'low' ? 1 : -1;
  let first = Infinity;
  let second = Infinity;
  let last = -Infinity;
  for (let at = 0; at < values.length; at += 1) {
    if (marks[at] !== TISSUE) continue;
    const value = sign * (values[at] ?? 0);
    if (value > last) last = value;
    if (value >= second || value === first) continue;
    if (value < first) {
      second = first;
      first = value;
    } else second = value;
  }
  if (!Number.isFinite(second) || second - first < NEAR_SHARE * (last - first)) return null;
  const others = marks.slice();
  for (let at = 0; at < values.length; at += 1)
    if (sign * (values[at] ?? 0) === first) others[at] = SPOT;
  const spread = ValueSpread.of({ values, marks: others, width, height });
  if (!spread.hasValues(FEWEST_VALUES) || second - first < FAR * spread.width) return null;
  return sign * first;
}
