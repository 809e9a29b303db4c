import { gaussian, wideGaussian } from './gaussian';
import { normaliseSlice } from './normalise';

/** What is done to the grey values of a slice, lengths in its pixels; 0 = not done. */
export interface GreyConditioning {
  readonly inverted: boolean;
  readonly flatField: number;
  readonly smoothing: number;
}

/** A deviation of the surround below this share of the slice's is no texture: it is not blown up. */
const LEAST_DEVIATION = 0.1;

/**
 * Values as a network sees them: the mean and deviation of the surround taken
 * out, smoothed, normalised (`normaliseSlice`), turned around, each where asked
 * for. Row-major, any size; what is not `known` (1; null = all) holds filled
 * values and counts in no mean.
 */
export function conditionSlice(
  values: Float32Array<ArrayBuffer>,
  known: Uint8Array<ArrayBuffer> | null,
  width: number,
  height: number,
  { inverted, flatField, smoothing }: GreyConditioning,
): Float32Array<ArrayBuffer> {
  const even = flatField > 0 ? flattened(values, known, width, height, flatField) : values;
  const smooth = smoothing > 0 ? gaussian(even, width, height, smoothing) : even;
  const result = normaliseSlice(smooth, known);
  if (inverted) for (let i = 0; i < result.length; i += 1) result[i] = -(result[i] ?? 0);
  return result;
}

/** (value − mean) / deviation, both of the Gaussian surround; only known pixels count. */
function flattened(
  values: Float32Array<ArrayBuffer>,
  known: Uint8Array<ArrayBuffer> | null,
  width: number,
  height: number,
  sigma: number,
): Float32Array<ArrayBuffer> {
  // Around their mean, so that squares of large values keep their digits.
  const normal = normaliseSlice(values, known);
  const counts = (at: number): boolean => known === null || known[at] === 1;
  const sums = new Float32Array(normal.length);
  const squares = new Float32Array(normal.length);
  for (let at = 0; at < normal.length; at += 1) {
    if (!counts(at)) continue;
    const value = normal[at] ?? 0;
    sums[at] = value;
    squares[at] = value * value;
  }
  const share =
    known === null ? null : wideGaussian(Float32Array.from(known), width, height, sigma);
  const mean = wideGaussian(sums, width, height, sigma);
  const square = wideGaussian(squares, width, height, sigma);
  const result = new Float32Array(values.length);
  for (let at = 0; at < result.length; at += 1) {
    const weight = Math.max(share?.[at] ?? 1, 1e-6);
    const middle = (mean[at] ?? 0) / weight;
    const variance = Math.max(0, (square[at] ?? 0) / weight - middle * middle);
    result[at] = ((normal[at] ?? 0) - middle) / Math.max(Math.sqrt(variance), LEAST_DEVIATION);
  }
  return result;
}
