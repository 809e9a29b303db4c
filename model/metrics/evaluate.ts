import { framedComponents, type Regions } from './components';
import { contingencyOf } from './contingency';
import { infoScore } from './info';
import {
  addCounts,
  countPixels,
  interiorScore,
  pixelScores,
  type PixelCounts,
  type PixelScores,
} from './pixel';
import { randScore, randSums, type RandSums, type Score } from './rand';
import { flood } from './watershed';

/** One slice to score. `truth` is 1 on membrane, row by row. Region scores need the truth of every pixel. */
export interface ScoredSlice {
  readonly probability: Float32Array;
  readonly truth: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Pixels with 0 are left out of the pixel scores. */
  readonly weight?: Float32Array | Uint8Array;
}

/** Scores of a stack at one threshold: means over its slices, pixels pooled. */
export interface StackScores extends PixelScores {
  /** Membrane iff probability ≥ threshold. */
  readonly threshold: number;
  readonly vRand: Score;
  readonly vInfo: Score;
  /** 1 − F of the plain components, pooled over slices (the measure of 2012). */
  readonly randError: number;
  /** 1 − F of the interior, pooled over slices (the measure of 2012). */
  readonly pixelError: number;
}

/**
 * The organisers' grid: interior iff 1 − p > t for t = 0, 0.1, … 1, given here
 * as thresholds of p. t = 1 (all membrane) is the last.
 */
export const sweepThresholds: readonly number[] = Array.from(
  { length: 11 },
  (_, i) => (10 - i) / 10,
);

/** 1 inside a cell, 0 on membrane: the same comparison as the mask that is shown, also at ties. */
function interiorOf(probability: Float32Array, threshold: number): Uint8Array {
  const interior = new Uint8Array(probability.length);
  for (let i = 0; i < interior.length; i++)
    interior[i] = (probability[i] ?? 0) >= threshold ? 0 : 1;
  return interior;
}

/** A slice with the regions of its truth (in a frame), which don't depend on the threshold. */
interface PreparedSlice extends ScoredSlice {
  readonly regions: Regions;
}

function prepared(slice: ScoredSlice): PreparedSlice {
  const { truth, width, height } = slice;
  const interior = new Uint8Array(truth.length);
  for (let i = 0; i < interior.length; i++) interior[i] = truth[i] === 0 ? 1 : 0;
  return { ...slice, regions: framedComponents(interior, width, height) };
}

interface SliceScores {
  readonly vRand: Score;
  readonly vInfo: Score;
  readonly plain: RandSums;
}

function scoreRegions(
  slice: PreparedSlice,
  threshold: number,
  plainToo: boolean,
): SliceScores | undefined {
  const { width, height, regions: trueRegions } = slice;
  if (trueRegions.count === 0) return undefined;
  const components = framedComponents(interiorOf(slice.probability, threshold), width, height);
  // The flooding starts from the plain components and changes them in place.
  const plain = plainToo
    ? randSums(contingencyOf(trueRegions, components))
    : { truth: 0, prediction: 0, both: 0 };
  const table = contingencyOf(trueRegions, flood(components, width, height));
  return { vRand: randScore(randSums(table)), vInfo: infoScore(table), plain };
}

function mean(scores: readonly Score[]): Score {
  const average = (pick: (score: Score) => number): number =>
    scores.length === 0
      ? Number.NaN
      : scores.reduce((sum, score) => sum + pick(score), 0) / scores.length;
  return {
    score: average((s) => s.score),
    precision: average((s) => s.precision),
    recall: average((s) => s.recall),
  };
}

const emptyCounts: PixelCounts = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  trueNegative: 0,
};

/**
 * All scores of a stack at one threshold (facts of the ISBI 2012 challenge;
 * see the docs on metrics). A slice without true interior is left out of the
 * region means, which are NaN when no slice is left.
 */
export function evaluateStack(slices: readonly ScoredSlice[], threshold: number): StackScores {
  return scoresAt(slices.map(prepared), threshold);
}

function scoresAt(slices: readonly PreparedSlice[], threshold: number): StackScores {
  const regions = slices.flatMap((slice) => scoreRegions(slice, threshold, true) ?? []);
  const counts = slices
    .map(({ probability, truth, weight }) => countPixels(probability, truth, threshold, weight))
    .reduce(addCounts, emptyCounts);
  const plain = regions.reduce(
    (sum, { plain: part }) => ({
      truth: sum.truth + part.truth,
      prediction: sum.prediction + part.prediction,
      both: sum.both + part.both,
    }),
    { truth: 0, prediction: 0, both: 0 },
  );
  return {
    threshold,
    vRand: mean(regions.map((region) => region.vRand)),
    vInfo: mean(regions.map((region) => region.vInfo)),
    randError: 1 - randScore(plain).score,
    pixelError: 1 - interiorScore(counts),
    ...pixelScores(counts),
  };
}

/** The stack's scores over the organisers' thresholds; each measure's best may lie at another one. */
export function sweepStack(slices: readonly ScoredSlice[]): readonly StackScores[] {
  const ready = slices.map(prepared);
  return sweepThresholds.map((threshold) => scoresAt(ready, threshold));
}

/** Mean V_Info of a stack at each threshold, without the other scores: what early stopping needs. NaN without true interior. */
export function vInfoAt(
  slices: readonly ScoredSlice[],
  thresholds: readonly number[],
): readonly number[] {
  const ready = slices.map(prepared);
  return thresholds.map(
    (threshold) =>
      mean(ready.flatMap((slice) => scoreRegions(slice, threshold, false)?.vInfo ?? [])).score,
  );
}
