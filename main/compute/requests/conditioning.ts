import { z } from 'zod';
import { Conditioning, PixelSize, SliceTrust, StackTrust } from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';
import type { RequestSpec } from '../request';
import { EngineChoice, UsedEngine } from './engine-choice';
import { CleanPictures } from './fit';

const count = z.int().nonnegative();

/** A stack and the model whose answers to it are looked at. */
const LookedAt = z.object({
  stack: SourceReference,
  /** Folder of the model version. */
  model: z.string(),
  /** Of the stack, to be resampled for a model of another one; null = not known. */
  pixelSize: PixelSize.nullable(),
  /** Which channel of the stack, from 0; the first where left out. */
  channel: count.optional(),
  choice: EngineChoice,
});

export const ChooseConditioningParams = LookedAt.extend({
  /** Nobody knows how large the stack's pixels are: look whether another scale suits the network better. */
  proposeScale: z.boolean(),
});
export type ChooseConditioningParams = z.infer<typeof ChooseConditioningParams>;

/** A conditioning that was tried, and how the network answered it. */
export const TriedConditioning = z.object({
  conditioning: Conditioning,
  /** Mean |p(x) − p(xᵀ)ᵀ| over the share above one half; null = nothing is above. */
  disagreement: z.number().nonnegative().nullable(),
  /** Share of the tissue above one half. */
  share: z.number().min(0).max(1),
});
export type TriedConditioning = z.infer<typeof TriedConditioning>;

export const ChooseConditioningResult = UsedEngine.extend({
  chosen: Conditioning,
  /** A factor of scale that the answers speak for, only where it was asked for; null = none. It is no part of what was chosen. */
  proposedScale: z.number().min(0.25).max(4).nullable(),
  tried: z.array(TriedConditioning),
  /** Slices that were looked at; none = there was nothing to look at, and nothing was chosen. */
  slices: z.array(count),
  seconds: z.number().nonnegative(),
});
export type ChooseConditioningResult = z.infer<typeof ChooseConditioningResult>;

/** Looks for the conditioning under which a network's answer depends least on the way the picture lies. */
export const chooseConditioning: RequestSpec<
  ChooseConditioningParams,
  { done: number; total: number },
  ChooseConditioningResult
> = {
  id: 'conditioning.choose',
  params: ChooseConditioningParams,
  progress: z.object({ done: z.number(), total: z.number() }),
  result: ChooseConditioningResult,
  cancelWithinMs: 400,
};

export const MeasureTrustParams = LookedAt.extend({
  conditioning: Conditioning,
  /** Labelled pictures beside which the stack may be blurred; null = there are none. */
  pictures: CleanPictures.nullable(),
});
export type MeasureTrustParams = z.infer<typeof MeasureTrustParams>;

export const MeasureTrustResult = UsedEngine.extend(
  StackTrust.omit({ model: true, conditioning: true }).shape,
).extend({
  slices: z.array(SliceTrust),
  seconds: z.number().nonnegative(),
});
export type MeasureTrustResult = z.infer<typeof MeasureTrustResult>;

/** How alike the cells of a network's two answers to a slice are, as it lies and transposed. */
export const measureTrust: RequestSpec<
  MeasureTrustParams,
  { done: number; total: number },
  MeasureTrustResult
> = {
  id: 'trust.measure',
  params: MeasureTrustParams,
  progress: z.object({ done: z.number(), total: z.number() }),
  result: MeasureTrustResult,
  // Cells of a slice at ten thresholds are counted between two looks at the signal.
  cancelWithinMs: 2000,
};
