import { componentsOf, onMembrane, type FramedMask, type Regions } from './components';
import { contingencyOf } from './contingency';
import { infoScore } from './info';
import {
  addCounts,
  countMasks,
  countPixels,
  interiorScore,
  pixelScores,
  type PixelCounts,
  type PixelScores,
} from './pixel';
import { addSums, randScore, randSums, type RandSums, type Score } from './rand';
import { leftOut, predictedMask, trueMask, type ScoredSlice } from './scored-slice';
import { flood } from './watershed';

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

/** A slice with the cells of its truth, which don't depend on the threshold. */
export interface PreparedSlice extends ScoredSlice {
  readonly cells: FramedMask;
  readonly regions: Regions;
}

export function prepareSlice(slice: ScoredSlice): PreparedSlice {
  const cells = trueMask(slice);
  const regions = componentsOf(cells);
  // Pixels without a true cell count nowhere.
  for (const p of leftOut(slice)) regions.labels[p] = onMembrane;
  return { ...slice, cells, regions };
}

/** What one slice adds to the scores of its stack. */
export interface SliceScores {
  readonly pixels: PixelCounts;
  /** Undefined where the truth has no interior. */
  readonly regions:
    { readonly vRand: Score; readonly vInfo: Score; readonly plain: RandSums } | undefined;
}

export function scoreSlice(slice: PreparedSlice, threshold: number): SliceScores {
  const { probability, truth, weight, cells, regions: trueRegions } = slice;
  const mask = predictedMask(slice, threshold);
  const pixels =
    weight === undefined
      ? countMasks(cells, mask)
      : countPixels(probability, truth, threshold, weight);
  const components = componentsOf(mask);
  const plain = contingencyOf(trueRegions, components);
  if (plain.pixels === 0) return { pixels, regions: undefined };
  // The flooding starts from the plain components and changes them in place.
  const table = contingencyOf(trueRegions, flood(mask, components));
  const vRand = randScore(randSums(table));
  return { pixels, regions: { vRand, vInfo: infoScore(table), plain: randSums(plain) } };
}

function meanOf(values: readonly number[]): number {
  return values.length === 0
    ? Number.NaN
    : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const mean = (scores: readonly Score[]): Score => ({
  score: meanOf(scores.map((s) => s.score)),
  precision: meanOf(scores.map((s) => s.precision)),
  recall: meanOf(scores.map((s) => s.recall)),
});

const emptyCounts: PixelCounts = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  trueNegative: 0,
};

const emptySums: RandSums = { truth: 0, prediction: 0, both: 0 };

/**
 * The scores of a stack from those of its slices at one threshold. A slice
 * without true interior is left out of the region scores, which are NaN when no
 * slice is left.
 */
export function stackScores(slices: readonly SliceScores[], threshold: number): StackScores {
  const regions = slices.flatMap((slice) => slice.regions ?? []);
  const counts = slices.map(({ pixels }) => pixels).reduce(addCounts, emptyCounts);
  const plain = regions.map((region) => region.plain).reduce(addSums, emptySums);
  return {
    threshold,
    vRand: mean(regions.map(({ vRand }) => vRand)),
    vInfo: mean(regions.map(({ vInfo }) => vInfo)),
    randError: 1 - randScore(plain).score,
    pixelError: 1 - interiorScore(counts),
    ...pixelScores(counts),
  };
}

/** All scores of a stack at one threshold (docs/metrics.md). */
export function evaluateStack(slices: readonly ScoredSlice[], threshold: number): StackScores {
  return stackScores(
    slices.map((slice) => scoreSlice(prepareSlice(slice), threshold)),
    threshold,
  );
}

/** The stack's scores over the organisers' thresholds; each measure's best may lie at another one. */
export function sweepStack(slices: readonly ScoredSlice[]): readonly StackScores[] {
  const ready = slices.map(prepareSlice);
  return sweepThresholds.map((threshold) =>
    stackScores(
      ready.map((slice) => scoreSlice(slice, threshold)),
      threshold,
    ),
  );
}

/** Mean V_Info of a stack at each threshold, without the other scores: what early stopping needs. NaN without true interior. */
export function vInfoAt(
  slices: readonly ScoredSlice[],
  thresholds: readonly number[],
): readonly number[] {
  const ready = slices.map(prepareSlice);
  return thresholds.map((threshold) =>
    meanOf(
      ready.flatMap((slice) => {
        const mask = predictedMask(slice, threshold);
        const table = contingencyOf(slice.regions, flood(mask, componentsOf(mask)));
        return table.pixels === 0 ? [] : infoScore(table).score;
      }),
    ),
  );
}
