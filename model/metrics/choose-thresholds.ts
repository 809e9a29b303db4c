import { vInfoAt } from './evaluate';
import type { ScoredSlice } from './scored-slice';
import { addCounts, countPixels, pixelScores } from './pixel';

export interface Thresholds {
  /** Membrane iff p ≥ threshold: the one with the best V_Info, for counting and tracing cells. */
  readonly threshold: number;
  /** The most accurate of those whose Dice of membrane is as good as the best, for pixel scores. */
  readonly pixelThreshold: number;
  /** V_Info at `threshold`; NaN where no slice has dense truth. */
  readonly vInfo: number;
  /** Dice at `pixelThreshold`. */
  readonly dice: number;
}

/** Thresholds in (0, 1), those nearest to one half first: they win a tie. */
const grid = (step: number): readonly number[] =>
  Array.from(
    { length: Math.round(1 / step) - 1 },
    (_, i) => Math.round((i + 1) * step * 1000) / 1000,
  ).toSorted((a, b) => Math.abs(a - neutral) - Math.abs(b - neutral));

const neutral = 0.5;

function best(
  candidates: readonly number[],
  score: (threshold: number, index: number) => number,
): { at: number; score: number } {
  let found = { at: neutral, score: Number.NaN };
  candidates.forEach((at, i) => {
    const value = score(at, i);
    if (!Number.isNaN(value) && !(found.score >= value)) found = { at, score: value };
  });
  return found;
}

const noPixels = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 };

/**
 * Dice is flat around its best threshold while accuracy still rises towards
 * one half (ISBI, 4 slices: Dice 0.790 and accuracy 0.909 at 0.3, 0.789 and
 * 0.910 at 0.35). Two seeds differ by 0.004 in Dice, so less than this is a tie.
 */
const diceNoise = 0.003;

function pixelThresholdOf(slices: readonly ScoredSlice[]): { threshold: number; dice: number } {
  const scored = grid(0.05).map((threshold) => ({
    threshold,
    ...pixelScores(
      slices
        .map(({ probability, truth, weight }) => countPixels(probability, truth, threshold, weight))
        .reduce(addCounts, noPixels),
    ),
  }));
  const bestDice = Math.max(...scored.map(({ dice }) => dice));
  const asGood = scored.filter(({ dice }) => dice >= bestDice - diceNoise);
  const chosen = best(
    asGood.map(({ threshold }) => threshold),
    (_, i) => asGood[i]?.accuracy ?? Number.NaN,
  );
  return {
    threshold: chosen.at,
    dice: scored.find(({ threshold }) => threshold === chosen.at)?.dice ?? Number.NaN,
  };
}

/**
 * Chooses both thresholds on validation slices, in steps of 0.05 (0.1 when
 * `coarse`, for validation while training). V_Info counts only the slices
 * whose truth is dense (no weights); without one the pixel threshold serves
 * for both.
 */
export function chooseThresholds(
  slices: readonly ScoredSlice[],
  options: { readonly coarse?: boolean } = {},
): Thresholds {
  if (slices.length === 0)
    return { threshold: neutral, pixelThreshold: neutral, vInfo: Number.NaN, dice: Number.NaN };
  const candidates = grid(options.coarse === true ? 0.1 : 0.05);
  const pixel = pixelThresholdOf(slices);
  const dense = slices.filter(({ weight }) => weight === undefined);
  const scores = vInfoAt(dense, candidates);
  const topology = best(candidates, (_, i) => scores[i] ?? Number.NaN);
  return {
    threshold: Number.isNaN(topology.score) ? pixel.threshold : topology.at,
    pixelThreshold: pixel.threshold,
    vInfo: topology.score,
    dice: pixel.dice,
  };
}
