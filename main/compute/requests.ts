import { z } from 'zod';
import { EngineName, EngineProvider, LossPoint, PixelSize, Scores } from '#contract/entities';
import type { RequestSpec } from './request';

const count = z.int().nonnegative();
const probability = z.number().min(0).max(1);
const bytes = z.instanceof(Uint8Array);
const floats = z.instanceof(Float32Array);

/** How much is computed at once; null = as much as the recipe and the predictor do by themselves. */
export const Portion = z.object({
  /** Crops of a batch whose gradients are computed together. */
  microBatch: z.int().positive().nullable(),
  /** Longest side of a tile in pixels. */
  tile: z.int().positive().nullable(),
});
export type Portion = z.infer<typeof Portion>;

/** Where it runs. `threads` is taken when the engine loads first and stays for the life of the process. */
export const EngineChoice = z.object({
  engine: z.enum(['auto', ...EngineName.options]),
  device: z.enum(['auto', 'cpu', 'gpu']),
  /** Without it an engine takes the best way to the device that it knows. */
  provider: EngineProvider.optional(),
  threads: z.int().positive(),
  portion: Portion.optional(),
});
export type EngineChoice = z.infer<typeof EngineChoice>;

const UsedEngine = z.object({ engine: z.string(), device: z.string() });

export const PredictParams = z.object({
  /** Path of the stack; the compute process reads it through the same reader as the window. */
  stack: z.string(),
  z: count,
  /** Folder of the model version. */
  model: z.string(),
  /** Mean of the eight flips and rotations: better and eight times as long. */
  tta: z.boolean(),
  /** In 8 bits, calibrated on the stack itself: twice as fast or more where the processor has such kernels. Off where left out. */
  fast: z.boolean().optional(),
  /** Of the stack, to be resampled for a model of another one; null = take it as it is. */
  pixelSize: PixelSize.nullable(),
  /** `uint8` = round(255 × probability). */
  output: z.enum(['uint8', 'float32']),
  choice: EngineChoice,
});
export type PredictParams = z.infer<typeof PredictParams>;

/** A stack was resampled for the network, from its own pixel size to the model's. */
export const Resampled = z.object({ from: PixelSize, to: PixelSize });
export type Resampled = z.infer<typeof Resampled>;

export const PredictResult = UsedEngine.extend({
  width: count,
  height: count,
  /** Membrane probability, row-major, in the type asked for. */
  probability: z.union([bytes, floats]),
  /** CRC-32 of the probability's bytes, made where they were made. */
  crc32: z.int(),
  resampled: Resampled.nullable(),
  /** What the user should know about pixel sizes; empty = nothing. */
  pixelNote: z.string(),
});
export type PredictResult = z.infer<typeof PredictResult>;

export const predictSlice: RequestSpec<
  PredictParams,
  { done: number; total: number },
  PredictResult
> = {
  id: 'predict.slice',
  params: PredictParams,
  progress: z.object({ done: z.number(), total: z.number() }),
  result: PredictResult,
  cancelWithinMs: 200,
};

/** A stack and its label stack; every label value but `membrane` and `void` is interior. */
export const LabelledStacks = z.object({
  image: z.string(),
  labels: z.string(),
  membrane: z.number(),
  void: z.number().nullable(),
  train: z.array(count).min(1),
  validate: z.array(count),
});
export type LabelledStacks = z.infer<typeof LabelledStacks>;

/** One of several stacks to train on: `share` of the crops come from it beside those of the others (1), whatever its size. */
export const TrainingSource = LabelledStacks.extend({ share: z.number().positive().optional() });
export type TrainingSource = z.infer<typeof TrainingSource>;

/** What the user corrected, and what keeps the model from forgetting. */
export const Corrections = z.object({
  stack: z.string(),
  /** Of the stack; corrections are brought to the model's where it is another one. */
  pixelSize: PixelSize.nullable(),
  /** Label bytes of reviewed slices, row-major; `recent` = slices with the newest corrections. */
  slices: z.array(z.object({ z: count, labels: bytes, recent: z.boolean() })).min(1),
  /** Untouched slices whose pseudo-labels anchor the model besides the untouched parts of `slices`. */
  untouched: z.array(count),
  /** Bundled labelled crops; null = none are there and pseudo-labels are the only anchor. */
  replay: LabelledStacks.nullable(),
  /** Slice whose mask is compared before and after, and the threshold that was shown. */
  compare: z.object({ z: count, threshold: probability }),
});
export type Corrections = z.infer<typeof Corrections>;

/** The two U-Nets that can be trained from fresh weights: the default, and that of the original paper. */
export const networkKinds = ['residual', 'plain'] as const;
const NetworkKind = z.enum(networkKinds);

export const TrainParams = z.object({
  data: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('stacks'), sources: z.array(TrainingSource).min(1) }),
    Corrections.extend({ kind: z.literal('corrections') }),
  ]),
  start: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('fresh'),
      baseFilters: z.int().min(4).max(64),
      /** `residual` where left out. */
      network: NetworkKind.optional(),
      /** How often the image is halved; 4 where left out. */
      levels: z.int().min(2).max(5).optional(),
    }),
    z.object({ kind: z.literal('model'), folder: z.string() }),
  ]),
  budget: z.object({
    steps: z.int().positive().nullable(),
    seconds: z.number().positive().nullable(),
  }),
  seed: count,
  /** File for checkpoints, whether to go on from it, and the steps between two; null = the recipe's. */
  checkpoint: z
    .object({ path: z.string(), resume: z.boolean(), every: z.int().positive().nullable() })
    .nullable(),
  choice: EngineChoice,
});
export type TrainParams = z.infer<typeof TrainParams>;

export const TrainProgress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('note'), note: z.string() }),
  z.object({
    kind: z.literal('step'),
    step: count,
    steps: count,
    loss: z.number(),
    learningRate: z.number(),
    /** null until a few steps have been timed. */
    secondsLeft: z.number().nullable(),
  }),
  z.object({ kind: z.literal('validation'), step: count, scores: Scores, loss: z.number() }),
  z.object({ kind: z.literal('checkpoint'), step: count }),
  z.object({
    kind: z.literal('preview'),
    step: count,
    width: count,
    height: count,
    feature: bytes,
    target: bytes,
    prediction: bytes,
  }),
]);
export type TrainProgress = z.infer<typeof TrainProgress>;

const GateScores = z.object({
  vInfo: z.number().nullable(),
  correctionError: z.number().nullable(),
});

export const TrainResult = UsedEngine.extend({
  network: z.record(z.string(), z.unknown()),
  baseFilters: count,
  weights: floats,
  thresholds: z.object({ topology: probability, pixel: probability }),
  scores: Scores.nullable(),
  steps: count,
  seconds: z.number(),
  finalLoss: z.number(),
  curve: z.array(LossPoint),
  recipe: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** Filled for corrections: both models on today's validation data. */
  comparison: z
    .object({
      before: GateScores,
      after: GateScores,
      /** False: there were too few corrections to hold some back; they were checked as trained. */
      heldBack: z.boolean(),
      scoresBefore: Scores.nullable(),
      changedPixels: count,
    })
    .nullable(),
});
export type TrainResult = z.infer<typeof TrainResult>;

export const trainRun: RequestSpec<TrainParams, TrainProgress, TrainResult> = {
  id: 'train.run',
  params: TrainParams,
  progress: TrainProgress,
  result: TrainResult,
  // One step: base-8 takes 0.4 s, base-32 about 4 s here.
  cancelWithinMs: 8000,
};

export const ProbeStage = z.enum(['checking', 'timing']);
export type ProbeStage = z.infer<typeof ProbeStage>;

export const ProbeAnswer = z.object({
  /** Agrees with the stored numbers to `tolerance`. */
  ok: z.boolean(),
  maxError: z.number(),
  tolerance: z.number(),
  forwardMs: z.number().nullable(),
  stepMs: z.number().nullable(),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** Starts the engine of the choice and checks it; asked of a process of its own. */
export const engineProbe: RequestSpec<{ choice: EngineChoice }, ProbeStage, ProbeAnswer> = {
  id: 'engine.probe',
  params: z.object({ choice: EngineChoice }),
  progress: ProbeStage,
  result: ProbeAnswer,
  cancelWithinMs: 200,
};

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

/** Probability maps and the labels that they are held against. */
export const ScoredStack = z.object({
  prediction: z.string(),
  truth: z.string(),
  membrane: z.number(),
  void: z.number().nullable(),
  /** Slices of the truth. A prediction of as many slices as these shows just them, in order. */
  slices: z.array(count).min(1),
});
export type ScoredStack = z.infer<typeof ScoredStack>;

export const EvaluateParams = ScoredStack.extend({
  threshold: probability,
  /** The warping error takes longer than everything else together. */
  warping: z.boolean(),
  /** How many of the most costly errors at the threshold to list; 0 = don't look for them. */
  errors: count,
});

/** A wrong wall at the threshold: what a list shows and a click goes to. Pixels of the slice. */
export const SegmentationError = z.object({
  kind: z.enum(['merge', 'split', 'lost']),
  z: count,
  x: count,
  y: count,
  box: z.object({ x: count, y: count, width: count, height: count }),
  size: count,
  parts: z.array(count),
  /** What it alone takes from a perfect score of its slice. */
  cost: z.object({ vInfo: z.number(), vRand: z.number() }),
});
export type SegmentationError = z.infer<typeof SegmentationError>;

/** The best of a sweep and where it is; null = undefined at every threshold. */
const bestOfSweep = z.object({ value: z.number(), threshold: probability }).nullable();

export const EvaluateResult = z.object({
  atThreshold: ScoreRow,
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
