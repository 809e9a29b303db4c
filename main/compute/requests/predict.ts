import { z } from 'zod';
import { Conditioning, PixelSize } from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';
import type { RequestSpec } from '../request';
import { EngineChoice, UsedEngine } from './engine-choice';

const count = z.int().nonnegative();
const bytes = z.instanceof(Uint8Array);
const floats = z.instanceof(Float32Array);

export const PredictParams = z.object({
  /** The compute process reads it through the same reader as the window, and nothing but the file that is meant. */
  stack: SourceReference,
  z: count,
  /** Folder of the model version. */
  model: z.string(),
  /** Mean of the eight flips and rotations: better and eight times as long. */
  tta: z.boolean(),
  /** In 8 bits, calibrated on the stack itself: twice as fast or more where the processor has such kernels. Off where left out. */
  fast: z.boolean().optional(),
  /** Of the stack, to be resampled for a model of another one; null = take it as it is. */
  pixelSize: PixelSize.nullable(),
  conditioning: Conditioning,
  /** Which channel of the stack, from 0; the first where left out. */
  channel: count.optional(),
  /** The maps of the model's further classes as well, not membrane alone. */
  classes: z.boolean().optional(),
  /** `uint8` = round(255 × probability). */
  output: z.enum(['uint8', 'float32']),
  choice: EngineChoice,
});
export type PredictParams = z.infer<typeof PredictParams>;

/** How much of a slice is tissue; where there is none, the probability is 0. */
export const TissueReport = z.object({
  /** Share of the pixels, 0 to 1. */
  share: z.number().min(0).max(1),
  /** What the rest is, for a person; empty = nothing to tell. */
  note: z.string(),
});
export type TissueReport = z.infer<typeof TissueReport>;

/** A stack was resampled for the network, from its own pixel size to the model's. */
export const Resampled = z.object({ from: PixelSize, to: PixelSize });
export type Resampled = z.infer<typeof Resampled>;

/** The map of a class beside membrane, as membrane's is given. */
export const ClassMap = z.object({
  /** Of the class on the model's card. */
  id: z.int().min(1).max(126),
  probability: z.union([bytes, floats]),
  crc32: z.int(),
});
export type ClassMap = z.infer<typeof ClassMap>;

export const PredictResult = UsedEngine.extend({
  width: count,
  height: count,
  /** Membrane probability, row-major, in the type asked for. */
  probability: z.union([bytes, floats]),
  /** CRC-32 of the probability's bytes, made where they were made. */
  crc32: z.int(),
  /** In the order of the card; empty where they were not asked for. */
  classes: z.array(ClassMap),
  tissue: TissueReport,
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
