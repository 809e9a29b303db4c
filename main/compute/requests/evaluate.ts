import { z } from 'zod';
import { MaskThresholds, Scores, SegmentationError } from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';
import type { RequestSpec } from '../request';

const count = z.int().nonnegative();
const probability = z.number().min(0).max(1);

/** null = undefined: no slice has true interior. */
const measure = z.number().nullable();

export const ScoreRow = z.object({
  /** Membrane iff probability ≥ threshold. */
  threshold: probability,
  vRand: measure,
  vRandPrecision: measure,
  vRandRecall: measure,
  vInfo: measure,
  vInfoPrecision: measure,
  vInfoRecall: measure,
  /** 1 − F of plain components at this threshold (the measure of 2012 takes the best of a sweep). */
  randError: measure,
  /** 1 − F of the interior at this threshold. */
  pixelError: z.number(),
  dice: z.number(),
  iou: z.number(),
  accuracy: z.number(),
  /** Only where it was asked for. */
  warpingError: z.number().optional(),
  /** Its errors by kind. */
  warpingMerges: count.optional(),
  warpingSplits: count.optional(),
});
export type ScoreRow = z.infer<typeof ScoreRow>;

/** What the values of a prediction are to be taken for; `auto` = decide by type and extremes, or refuse. */
export const AskedRange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('auto') }),
  /** Probability 0 at `from`, 1 at `to`. */
  z.object({ kind: z.literal('linear'), from: z.number(), to: z.number() }),
  z.object({ kind: z.literal('logits') }),
]);
export type AskedRange = z.infer<typeof AskedRange>;

/** What they were taken for, and how a person is told. */
export const TakenRange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('linear'), from: z.number(), to: z.number(), said: z.string() }),
  z.object({ kind: z.literal('logits'), said: z.string() }),
]);
export type TakenRange = z.infer<typeof TakenRange>;

/** Probability maps and the labels that they are held against. */
export const ScoredStack = z.object({
  prediction: SourceReference,
  /** Of the prediction where its pixels have several; the first where left out. */
  channel: count.optional(),
  truth: SourceReference,
  membrane: z.number(),
  void: z.number().nullable(),
  /** Slices of the truth. A prediction of as many slices as these shows just them, in order. */
  slices: z.array(count).min(1),
  /** Of the prediction; decided where left out. */
  range: AskedRange.optional(),
  /** High values mean interior. */
  invert: z.boolean().optional(),
});
export type ScoredStack = z.infer<typeof ScoredStack>;

export const EvaluateParams = ScoredStack.extend({
  threshold: probability,
  /** Also scores the mask of the app, made of the prediction in bytes. */
  mask: MaskThresholds.optional(),
  /** The warping error takes longer than everything else together. */
  warping: z.boolean(),
  /** How many of the most costly errors at the threshold to list; 0 = don't look for them. */
  errors: count,
});

/** The best of a sweep and where it is; null = undefined at every threshold. */
const bestOfSweep = z.object({ value: z.number(), threshold: probability }).nullable();

/** What the scores were computed from. */
export const ReadPrediction = z.object({
  range: TakenRange,
  inverted: z.boolean(),
  /** Extremes of the stored values. */
  least: z.number(),
  most: z.number(),
  /** Pixels without a number (NaN or infinite), left out of all scores. */
  notNumbers: count,
});
export type ReadPrediction = z.infer<typeof ReadPrediction>;

export const EvaluateResult = z.object({
  prediction: ReadPrediction,
  /** What makes the scores doubtful; empty = nothing. */
  warnings: z.array(z.string()),
  atThreshold: ScoreRow,
  /** Of the mask of the app, where it was asked for; its threshold is that of the pixels. */
  masked: ScoreRow.optional(),
  /** The row of the sweep with the best V_Info. */
  best: ScoreRow,
  sweep: z.array(ScoreRow),
  /** Each measure at its own best threshold: the figures that the challenge of 2012 reports. */
  overSweep: z.object({
    vRand: bestOfSweep,
    vInfo: bestOfSweep,
    randError: bestOfSweep,
    pixelError: bestOfSweep,
    warpingError: bestOfSweep.optional(),
  }),
  /** Only where they were asked for: how many there are, and the most costly ones. */
  errors: z
    .object({
      merges: count,
      splits: count,
      lost: count,
      worst: z.array(SegmentationError),
    })
    .optional(),
});
export type EvaluateResult = z.infer<typeof EvaluateResult>;

export const evaluateMaps: RequestSpec<
  z.infer<typeof EvaluateParams>,
  { done: number; total: number },
  EvaluateResult
> = {
  id: 'evaluate',
  params: EvaluateParams,
  progress: z.object({ done: z.number(), total: z.number() }),
  result: EvaluateResult,
  cancelWithinMs: 1000,
};

/** Maps of slices that trainings held back, group by group: what one fold held back of one stack. */
export const ChooseThresholdsParams = z.object({
  groups: z.array(ScoredStack.extend({ fold: count })).min(1),
});

export const ChooseThresholdsResult = z.object({
  thresholds: z.object({ topology: probability, pixel: probability }),
  /** Every group at the thresholds of the other folds (of all where there is one fold), in the order given. */
  groups: z.array(Scores),
  /** Means over the groups, every 0.02. */
  curve: z.array(
    z.object({ threshold: probability, vInfo: z.number(), dice: z.number(), accuracy: z.number() }),
  ),
});

export const chooseThresholds: RequestSpec<
  z.infer<typeof ChooseThresholdsParams>,
  { done: number; total: number },
  z.infer<typeof ChooseThresholdsResult>
> = {
  id: 'thresholds.choose',
  params: ChooseThresholdsParams,
  progress: z.object({ done: z.number(), total: z.number() }),
  result: ChooseThresholdsResult,
  // Fifty thresholds of a group at once: about a second a slice of 512².
  cancelWithinMs: 20_000,
};
