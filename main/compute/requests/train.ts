import { z } from 'zod';
import {
  Conditioning,
  LabelClass,
  LossPoint,
  MaskThresholds,
  ModelClass,
  PixelSize,
  Scores,
} from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';
import type { RequestSpec } from '../request';
import { EngineChoice, UsedEngine } from './engine-choice';
import { FitData, FitReport } from './fit';

const count = z.int().nonnegative();
const probability = z.number().min(0).max(1);
const bytes = z.instanceof(Uint8Array);
const floats = z.instanceof(Float32Array);

/** A class as people know it. */
export const NamedClass = LabelClass.pick({ id: true, name: true, colour: true });
export type NamedClass = z.infer<typeof NamedClass>;

/** A class beside membrane: a value of a label stack, mostly that with the membranes. Its void counts for all. */
export const LabelledClass = NamedClass.extend({ labels: SourceReference, value: z.number() });
export type LabelledClass = z.infer<typeof LabelledClass>;

/** A stack and its label stack; every label value but `membrane` and `void` is interior. */
export const LabelledStacks = z.object({
  image: SourceReference,
  /** Of the image where its pixels have several; the first where left out. */
  channel: count.optional(),
  labels: SourceReference,
  membrane: z.number(),
  void: z.number().nullable(),
  /** Classes to learn beside membrane, none where left out. */
  classes: z.array(LabelledClass).optional(),
  train: z.array(count).min(1),
  validate: z.array(count),
});
export type LabelledStacks = z.infer<typeof LabelledStacks>;

/** One of several stacks to train on: `share` of the crops come from it beside those of the others (1), whatever its size. */
export const TrainingSource = LabelledStacks.extend({ share: z.number().positive().optional() });
export type TrainingSource = z.infer<typeof TrainingSource>;

/** What the user corrected, and what keeps the model from forgetting. */
export const Corrections = z.object({
  /** Folder of the version in use: what the new one is held against, and whose labels stand where nobody painted. */
  inUse: z.string(),
  stack: SourceReference,
  /** Of the stack; corrections are brought to the model's where it is another one. */
  pixelSize: PixelSize.nullable(),
  /** Of the stack, as it is segmented. */
  conditioning: Conditioning,
  /** Label bytes of reviewed slices, row-major; `recent` = the start has not learnt from them, `heldBefore` = they judged an earlier version. */
  slices: z
    .array(z.object({ z: count, labels: bytes, recent: z.boolean(), heldBefore: z.boolean() }))
    .min(1),
  /** The project's own classes, beside interior and membrane: those that are painted are learnt. */
  classes: z.array(NamedClass).optional(),
  /** Slices, without labels if there are such, on which versions are compared; where there is no replay the model's own labels of them anchor it. */
  untouched: z.array(count),
  /** Bundled labelled crops; null = none are there and the model's own labels are the only anchor. */
  replay: LabelledStacks.nullable(),
  /** Slice whose mask is compared before and after, and the thresholds that were shown. */
  compare: z.object({ z: count, mask: MaskThresholds }),
});
export type Corrections = z.infer<typeof Corrections>;

/** The version in use, scored beside the new one on validation slices of the first source. */
const ComparedWith = z.object({
  folder: z.string(),
  slices: z.array(count).min(1),
  /** Of the source; the version in use sees it at its own. */
  pixelSize: PixelSize.nullable(),
});

/** The two U-Nets that can be trained from fresh weights: the default, and that of the original paper. */
export const networkKinds = ['residual', 'plain'] as const;
const NetworkKind = z.enum(networkKinds);

export const TrainParams = z.object({
  data: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('stacks'),
      sources: z.array(TrainingSource).min(1),
      compare: ComparedWith.optional(),
    }),
    Corrections.extend({ kind: z.literal('corrections') }),
    FitData.extend({ kind: z.literal('fit') }),
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
  /** What should be known about the labels before minutes go into them. */
  z.object({ kind: z.literal('warning'), note: z.string() }),
  /** Slices of a stack that show no tissue and teach nothing. */
  z.object({ kind: z.literal('left-out'), image: z.string(), slices: z.array(count) }),
  z.object({
    kind: z.literal('step'),
    step: count,
    /** Of the whole training; null where the clock ends it. */
    steps: count.nullable(),
    /** How much of the training lies behind, in [0, 1]. */
    share: probability,
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

/** Painted pixels that a version gets wrong by itself, those that are half right (`addStrokeErrors`) at a half; shares in [0, 1]. */
const StrokesWrong = z.object({
  /** Of membrane and of everything else that was painted. */
  pixels: z.object({ membrane: count, interior: count }),
  before: z.object({ membrane: probability, interior: probability, all: probability }),
  after: z.object({ membrane: probability, interior: probability, all: probability }),
});
export type StrokesWrong = z.infer<typeof StrokesWrong>;

/** Strokes that a version gets wrong of one class beside membrane, at its threshold: of the class, and of anything else. */
const ClassWrong = z.object({
  pixels: z.object({ own: count, others: count }),
  own: probability,
  others: probability,
});

/** How both have the strokes of a class; before is null where the version in use does not know it. */
const ClassStrokes = z.object({ before: ClassWrong.nullable(), after: ClassWrong });

export const ClassComparison = z.object({
  name: z.string(),
  /** Of strokes that were kept from training; null = too few to keep any. */
  held: ClassStrokes.extend({ slices: z.array(count), whole: z.boolean() }).nullable(),
  trained: ClassStrokes.nullable(),
});
export type ClassComparison = z.infer<typeof ClassComparison>;

/** Two versions on the same data that neither decides about: the one in use (or the start) and the new one. */
export const Comparison = z.object({
  /** On dense labels that were kept from training: the user's, or the crops that come with the app (`slices` are theirs). */
  dense: z
    .object({
      from: z.enum(['validation', 'replay']),
      slices: z.array(count),
      /** Each at the thresholds that suit it best there; null = no number is defined. */
      before: Scores.nullable(),
      after: Scores.nullable(),
    })
    .nullable(),
  /** How both have what the user painted, with the strokes taken away; null = not a round of corrections. */
  obedience: z
    .object({
      /** Slices with strokes that were kept from training, as a whole or a part, and these strokes; null = too few to keep any. */
      held: StrokesWrong.extend({ slices: z.array(count), whole: z.boolean() }).nullable(),
      /** Strokes that trained; null = there were none. */
      trained: StrokesWrong.nullable(),
    })
    .nullable(),
  /** Of each class beside membrane that was painted; left out where none was. */
  classes: z.array(ClassComparison).optional(),
  /** What both make of slices without labels; null = none could be read. */
  untouched: z
    .object({
      slices: z.array(count),
      /** Cells at the threshold for cells, a slice. */
      cells: z.object({ before: z.number(), after: z.number() }),
      /** Mean difference between the answers to a slice and to its transpose, over the share above one half; null = nothing is above. */
      flips: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
      /** Mean width of a line at the pixel threshold, in pixels. */
      lineWidth: z.object({ before: z.number(), after: z.number() }),
    })
    .nullable(),
  /** Pixels without a label on the slice in view, and those of them whose mask is another now. */
  changed: z.object({ pixels: count, unlabelled: count }).nullable(),
});
export type Comparison = z.infer<typeof Comparison>;

export const TrainResult = UsedEngine.extend({
  network: z.record(z.string(), z.unknown()),
  baseFilters: count,
  weights: floats,
  thresholds: z.object({ topology: probability, pixel: probability }),
  /** Beside membrane, map by map behind the first. */
  classes: z.array(ModelClass),
  scores: Scores.nullable(),
  steps: count,
  seconds: z.number(),
  finalLoss: z.number(),
  curve: z.array(LossPoint),
  recipe: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** null = there was nothing to compare with. */
  comparison: Comparison.nullable(),
  /** Of a fit to a stack. */
  fitted: FitReport.optional(),
  /** Reviewed slices that could not be read. */
  unreadable: z.array(count),
});
export type TrainResult = z.infer<typeof TrainResult>;

export const trainRun: RequestSpec<TrainParams, TrainProgress, TrainResult> = {
  id: 'train.run',
  params: TrainParams,
  progress: TrainProgress,
  result: TrainResult,
  // One step: base-8 takes 0.4 s, base-32 about 4 s here.
  cancelWithinMs: 8000,
  resumes: true,
};
