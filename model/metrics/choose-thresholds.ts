import { vInfoAt } from './evaluate';
import type { ScoredSlice } from './scored-slice';
import { addCounts, countPixels, pixelScores } from './pixel';

export interface Thresholds {
  /** Membrane iff p ≥ threshold: the lowest of those whose V_Info is as good as the best, for counting and tracing cells. */
  readonly threshold: number;
  /** The most accurate of those whose Dice of membrane is as good as the best, for pixel scores. */
  readonly pixelThreshold: number;
  /** V_Info at `threshold`; NaN where no slice has dense truth. */
  readonly vInfo: number;
  /** Dice at `pixelThreshold`. */
  readonly dice: number;
}

/** Scores at one threshold; V_Info is NaN where no slice has dense truth. */
export interface ThresholdPoint {
  /** Membrane iff p ≥ threshold. */
  readonly threshold: number;
  readonly vInfo: number;
  readonly dice: number;
  readonly accuracy: number;
}

/** How closely thresholds are looked at: `coarse` while training, `fine` for a model that many will use. */
export type Fineness = 'coarse' | 'usual' | 'fine';

const steps: Record<Fineness, number> = { coarse: 0.1, usual: 0.05, fine: 0.02 };

/**
 * V_Info of a few slices jumps by 0.001–0.002 from one threshold to the next
 * and is flat over a wide range, so thresholds are compared by the mean over
 * this much to either side. Of those within `regionTie` of the best the lowest
 * is taken: a threshold that is a little too low cuts off slivers, one that is
 * a little too high merges whole cells. Measured on ISBI (four trainings, two
 * folds, thresholds from the maps of the other fold): the best single value
 * lost 0.0033 V_Info to the best one there (0.018 at worst) and gave V_Rand
 * 0.916; this loses 0.0024 (0.006) and gives 0.930.
 */
const halfWindow = 0.1;
const regionTie = 0.0015;
/** Below this the mask is much wider than the walls, whatever V_Info says. */
const lowestRegion = 0.1;

const neutral = 0.5;

const noPixels = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };

/**
 * Dice is flat around its best threshold while accuracy still rises towards
 * one half (ISBI, 4 slices: Dice 0.790 and accuracy 0.909 at 0.3, 0.789 and
 * 0.910 at 0.35). Two seeds differ by 0.004 in Dice, so less than this is a tie.
 */
const diceNoise = 0.003;

const meanOf = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
};

/** Thresholds inside (0, 1), rising. */
const grid = (step: number): readonly number[] =>
  Array.from(
    { length: Math.round(1 / step) - 1 },
    (_, i) => Math.round((i + 1) * step * 1000) / 1000,
  );

function curveOf(slices: readonly ScoredSlice[], thresholds: readonly number[]): ThresholdPoint[] {
  const dense = slices.filter(({ weight }) => weight === undefined);
  const vInfo = vInfoAt(dense, thresholds);
  return thresholds.map((threshold, i) => {
    const { dice, accuracy } = pixelScores(
      slices
        .map(({ probability, truth, weight }) => countPixels(probability, truth, threshold, weight))
        .reduce(addCounts, noPixels),
    );
    return { threshold, vInfo: vInfo[i] ?? Number.NaN, dice, accuracy };
  });
}

/**
 * Scores over all thresholds, taken in every pool of slices (a stack, or the
 * slices that one training held back) and averaged over the pools: each
 * counts the same, whatever its size.
 */
export function thresholdCurve(
  pools: readonly (readonly ScoredSlice[])[],
  fineness: Fineness,
): readonly ThresholdPoint[] {
  const thresholds = grid(steps[fineness]);
  return meanCurve(pools.map((slices) => curveOf(slices, thresholds)));
}

/** The mean of curves over the same thresholds. */
export function meanCurve(
  curves: readonly (readonly ThresholdPoint[])[],
): readonly ThresholdPoint[] {
  return (curves[0] ?? []).map(({ threshold }, i) => {
    const across = (pick: (point: ThresholdPoint) => number): number =>
      meanOf(curves.flatMap((curve) => curve[i] ?? []).map(pick));
    return {
      threshold,
      vInfo: across((point) => point.vInfo),
      dice: across((point) => point.dice),
      accuracy: across((point) => point.accuracy),
    };
  });
}

/** The point with the highest score; of equal ones that nearest to one half. */
function best(
  points: readonly ThresholdPoint[],
  score: (point: ThresholdPoint) => number,
): ThresholdPoint | undefined {
  const distance = ({ threshold }: ThresholdPoint): number => Math.abs(threshold - neutral);
  return points
    .filter((point) => !Number.isNaN(score(point)))
    .toSorted((a, b) => score(b) - score(a) || distance(a) - distance(b))[0];
}

/** The lowest threshold from which up to `middle` no score is worse than there by more than a tie. */
function lowestAsGood(
  curve: readonly ThresholdPoint[],
  middle: ThresholdPoint,
  score: (point: ThresholdPoint) => number,
): ThresholdPoint {
  const below = curve.filter(({ threshold }) => threshold < middle.threshold).toReversed();
  const end = below.findIndex((point) => !(score(point) >= score(middle) - regionTie));
  return (end === -1 ? below : below.slice(0, end)).at(-1) ?? middle;
}

/** Chooses both thresholds from a curve; without V_Info the pixel threshold serves for both. */
export function thresholdsFrom(curve: readonly ThresholdPoint[]): Thresholds {
  const bestDice = Math.max(...curve.map(({ dice }) => dice));
  const asGood = curve.filter(({ dice }) => dice >= bestDice - diceNoise);
  const pixel = best(asGood, ({ accuracy }) => accuracy);
  const around = ({ threshold }: ThresholdPoint): number =>
    meanOf(
      curve
        .filter((point) => Math.abs(point.threshold - threshold) < halfWindow + 1e-6)
        .map(({ vInfo }) => vInfo),
    );
  const wide = curve.filter(({ threshold }) => threshold >= lowestRegion);
  const middle = best(wide, around);
  const topology = middle && lowestAsGood(wide, middle, around);
  return {
    threshold: (topology ?? pixel)?.threshold ?? neutral,
    pixelThreshold: pixel?.threshold ?? neutral,
    vInfo: topology?.vInfo ?? Number.NaN,
    dice: pixel?.dice ?? Number.NaN,
  };
}

/**
 * Chooses both thresholds on validation slices, in steps of 0.05 unless told
 * otherwise. V_Info counts only the slices whose truth is dense (no weights);
 * without one the pixel threshold serves for both.
 */
export function chooseThresholds(
  slices: readonly ScoredSlice[],
  options: { readonly coarse?: boolean } = {},
): Thresholds {
  if (slices.length === 0) return thresholdsFrom([]);
  return thresholdsFrom(thresholdCurve([slices], options.coarse === true ? 'coarse' : 'usual'));
}
