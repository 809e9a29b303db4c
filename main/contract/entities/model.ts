import { z } from 'zod';
import { ModelId } from '../ids';
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

export const LossPoint = z.object({
  step: count,
  loss: z.number(),
  validation: z.number().optional(),
});
export type LossPoint = z.infer<typeof LossPoint>;

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
  /** Of the slices that it learnt from; null = not known. */
  pixelSize: PixelSize.nullable(),
  scores: Scores.nullable(),
  /** Which slices the scores come from: those of two versions compare only where this is the same. */
  scoresNote: z.string(),
  training: z
    .object({
      steps: count,
      seconds: z.number(),
      engine: z.string(),
      seed: count,
      summary: z.string(),
      curve: z.array(LossPoint),
    })
    .nullable(),
  licence: z.string(),
  citation: z.string(),
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('accepted'), reason: z.string() }),
    z.object({ kind: z.literal('kept-aside'), reason: z.string() }),
  ]),
});
export type ModelVersion = z.infer<typeof ModelVersion>;
