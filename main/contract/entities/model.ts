import { z } from 'zod';
import { ModelId } from '../ids';
import { limits } from '../limits';
import { Conditioning } from './conditioning';
import { LabelClass } from './labels';
import { count, probability } from './numbers';
import { PixelSize } from './stack';

/** Held-out scores; thresholds are on membrane probability. V_* at `threshold`, Dice, IoU and accuracy at `pixelThreshold`. */
export const Scores = z.object({
  vInfo: z.number(),
  vRand: z.number(),
  dice: z.number(),
  accuracy: z.number(),
  threshold: probability,
  pixelThreshold: probability,
});
export type Scores = z.infer<typeof Scores>;

/** Share of painted pixels that a version gets right by itself, in [0, 1], of the one before it and of itself. */
const RightShare = z.object({ before: probability, after: probability });

/** Share of the painted pixels of a class beside membrane that a version finds; before is null where the one before it did not know the class. */
const FoundShare = z.object({ before: probability.nullable(), after: probability });

/** How a retrained version obeys what the user painted, with the strokes taken away. */
export const Obedience = z.object({
  /** Of the strokes that it learnt from; null = there were none. */
  trained: RightShare.nullable(),
  /** Of those that were kept from training; null = too few to keep any. */
  held: RightShare.nullable(),
  /** Of each class beside membrane that was painted, as above; left out where none was. */
  classes: z
    .array(
      z.object({
        name: LabelClass.shape.name,
        trained: FoundShare.nullable(),
        held: FoundShare.nullable(),
      }),
    )
    .max(limits.classes)
    .optional(),
});
export type Obedience = z.infer<typeof Obedience>;

const Change = z.object({ before: z.number(), after: z.number() });

/** What a retrained version and the one before it make of slices without labels. */
export const UnlabelledCheck = z.object({
  slices: z.array(count).max(limits.entries),
  /** Cells at the threshold for cells, a slice. */
  cells: Change,
  /** Mean width of a line at the pixel threshold, in pixels. */
  lineWidth: Change,
});
export type UnlabelledCheck = z.infer<typeof UnlabelledCheck>;

export const LossPoint = z.object({
  step: count,
  loss: z.number(),
  validation: z.number().optional(),
});
export type LossPoint = z.infer<typeof LossPoint>;

/** A class that a version finds beside membrane. */
export const ModelClass = LabelClass.pick({ id: true, name: true, colour: true }).extend({
  /** A pixel is of the class where its probability reaches it. */
  threshold: probability,
  /** Held-out Dice at the threshold; null = not known. */
  dice: probability.nullable(),
});
export type ModelClass = z.infer<typeof ModelClass>;

/** A model as the window shows it; weights stay on disk. Versions never change once made. */
export const ModelVersion = z.object({
  id: ModelId,
  name: z.string(),
  origin: z.enum(['bundled', 'trained', 'retrained', 'fitted', 'imported']),
  parent: ModelId.nullable(),
  created: z.string(),
  baseFilters: count,
  parameters: count,
  thresholds: z.object({ topology: probability, pixel: probability }),
  /** Beside membrane, each with a probability map of its own, in their order; mostly none. */
  classes: z.array(ModelClass).max(limits.classes),
  /** Of the slices that it learnt from; null = not known. */
  pixelSize: PixelSize.nullable(),
  /** What was done to the slices that it was retrained or fitted on; null = nothing, or it learnt elsewhere. */
  conditioning: Conditioning.nullable(),
  scores: Scores.nullable(),
  /** Which slices the scores come from: those of two versions compare only where this is the same. */
  scoresNote: z.string(),
  training: z
    .object({
      steps: count,
      seconds: z.number(),
      engine: z.string(),
      device: z.string(),
      seed: count,
      summary: z.string(),
      curve: z.array(LossPoint),
      /** Left out where it did not learn from strokes. */
      obedience: Obedience.optional(),
      /** Slices of the project's stack whose labels taught it, and those whose strokes only judged it; null where it did not learn from strokes. */
      slices: z.object({ taught: z.array(count), held: z.array(count) }).nullable(),
      /** Left out where the gate measured nothing on slices without labels. */
      unlabelled: UnlabelledCheck.optional(),
    })
    .nullable(),
  licence: z.string(),
  citation: z.string(),
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accepted'), reason: z.string() }),
    z.object({
      kind: z.literal('kept-aside'),
      reason: z.string(),
      /** Nothing said whether it is better, so it waits for the user's word. */
      offered: z.literal(true).optional(),
    }),
  ]),
});
export type ModelVersion = z.infer<typeof ModelVersion>;

/** What the user wrote about a version. */
export const ModelNote = z.object({ model: ModelId, text: z.string().max(limits.note) });
export type ModelNote = z.infer<typeof ModelNote>;
