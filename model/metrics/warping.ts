import { clustersOf } from './clusters';
import type { FramedMask } from './components';
import { leftOut, predictedMask, trueMask, type ScoredSlice } from './scored-slice';
import { warp, type Warped } from './warp';

export interface WarpingError {
  /** Share of pixels that no warping of the truth can explain; NaN of an empty stack. */
  readonly error: number;
  /** Clusters of missing membrane. */
  readonly merges: number;
  /** Clusters of membrane that should not be there. */
  readonly splits: number;
}

/** What one slice adds to the warping error of its stack. */
export interface WarpedSlice {
  readonly pixels: number;
  /** Pixels that still differ after warping. */
  readonly left: number;
  readonly merges: number;
  readonly splits: number;
}

/** A slice at a threshold, ready to be warped either way; no difference where pixels are left out. */
export interface WarpingPair {
  readonly truth: FramedMask;
  readonly prediction: FramedMask;
  /** |p − threshold| at the places of the masks. */
  readonly confidence: Float32Array;
}

export function warpingPair(slice: ScoredSlice, threshold: number): WarpingPair {
  const { probability, width, height } = slice;
  const confidence = new Float32Array((width + 2) * (height + 2));
  for (let x = 0; x < width; x++) {
    const column = (x + 1) * (height + 2) + 1;
    for (let y = 0; y < height; y++)
      confidence[column + y] = Math.abs((probability[y * width + x] ?? 0) - threshold);
  }
  const truth = trueMask(slice);
  const prediction = predictedMask(slice, threshold);
  for (const p of leftOut(slice)) prediction.inside[p] = truth.inside[p] ?? 0;
  return { truth, prediction, confidence };
}

/** Left-over places where the warped mask has membrane: walls that the other one lacks. */
export function missingMembrane({ mask, left }: Warped): Int32Array {
  return left.filter((p) => mask.inside[p] === 0);
}

/**
 * Warps the truth of a slice towards its prediction at one threshold. Left-over
 * pixels that touch, by a side or a corner, are one error: a merge where
 * membrane is missing, a split where there is too much.
 */
export function warpSlice(slice: ScoredSlice, threshold: number): WarpedSlice {
  const { truth, prediction, confidence } = warpingPair(slice, threshold);
  const warped = warp(truth, prediction, confidence);
  const tooMuch = warped.left.filter((p) => warped.mask.inside[p] !== 0);
  return {
    pixels: slice.width * slice.height - leftOut(slice).length,
    left: warped.left.length,
    merges: clustersOf(missingMembrane(warped), slice.height + 2).length,
    splits: clustersOf(tooMuch, slice.height + 2).length,
  };
}

/**
 * Warping error (Jain et al. 2010) of the slices together, pixels pooled. In
 * [0, 1], 0 is best. Takes about twice as long as all other scores together.
 */
export function warpingError(slices: readonly WarpedSlice[]): WarpingError {
  const sum = (pick: (slice: WarpedSlice) => number): number =>
    slices.reduce((total, slice) => total + pick(slice), 0);
  return {
    error: sum(({ left }) => left) / sum(({ pixels }) => pixels),
    merges: sum(({ merges }) => merges),
    splits: sum(({ splits }) => splits),
  };
}
