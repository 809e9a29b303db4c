import { eachGroup } from './connected';
import { type MarkedSlice, NOTHING, OUTLIER, TISSUE } from './marks';
import { SPOT } from './nodata-values';
import type { ValueSpread } from './value-spread';

/** Groups of at most so many pixels are hot or dead pixels of the camera, whose neighbours know better. */
const SMALL = 16;
/** Standard deviations (by quantiles) from the median beyond which a grey value is none of tissue; in real slices the farthest is 2.4. */
const FENCE = 8;
/** More pixels than this beyond the fence are a second kind of tissue, not outliers. */
const RARE = 0.01;

/** The values between which all tissue lies; infinite where nothing stands out. */
export interface Fence {
  readonly low: number;
  readonly high: number;
}

export const noFence: Fence = { low: -Infinity, high: Infinity };

/** Where grey values end, or `noFence` where many lie far out. */
export function fenceOf({ values, marks }: MarkedSlice, spread: ValueSpread): Fence {
  const reach = FENCE * spread.deviation;
  if (!(reach > 0)) return noFence;
  const middle = spread.quantile(0.5);
  const fence = { low: middle - reach, high: middle + reach };
  let beyond = 0;
  let pixels = 0;
  for (let at = 0; at < marks.length; at += 1) {
    if (marks[at] !== TISSUE) continue;
    pixels += 1;
    const value = values[at] ?? 0;
    if (value < fence.low || value > fence.high) beyond += 1;
  }
  return beyond > RARE * pixels ? noFence : fence;
}

/**
 * Tells spots apart: single pixels and small groups, of no-data values or
 * beyond the fence, are outliers; larger groups of no-data values are nothing.
 * Gives back how many pixels became nothing.
 */
export function settleSpots(slice: MarkedSlice, { low, high }: Fence): number {
  const { width, values, marks } = slice;
  let any = false;
  const beyond = (at: number): boolean => {
    const value = values[at] ?? 0;
    return marks[at] === TISSUE && (value < low || value > high);
  };
  for (let at = 0; at < marks.length && !any; at += 1) any = marks[at] === SPOT || beyond(at);
  if (!any) return 0;
  let nothing = 0;
  const belongs = (at: number): boolean => marks[at] === SPOT || beyond(at);
  eachGroup(width, marks.length, belongs, (places) => {
    const small = places.length <= SMALL;
    for (const at of places) {
      if (small) marks[at] = OUTLIER;
      else if (marks[at] === SPOT) {
        marks[at] = NOTHING;
        nothing += 1;
      }
    }
  });
  return nothing;
}
