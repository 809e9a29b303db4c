import { z } from 'zod';
import { Conditioning, PixelSize } from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);

/** Clean pictures of other tissue that a model is to learn in the look of a stack. */
export const CleanPictures = z.object({
  image: SourceReference,
  /** Of the image where its pixels have several; the first where left out. */
  channel: count.optional(),
  /** Of the image; null = not known: taken for the model's. */
  pixelSize: PixelSize.nullable(),
  slices: z.array(count).min(1),
  /** null = nobody drew any: the starting model's own map of the clean picture is the target. */
  labels: z
    .object({ stack: SourceReference, membrane: z.number(), void: z.number().nullable() })
    .nullable(),
});
export type CleanPictures = z.infer<typeof CleanPictures>;

/** The stack whose look is taken. */
export const LookedAt = z.object({
  stack: SourceReference,
  /** Of the stack where its pixels have several; the first where left out. */
  channel: count.optional(),
  /** Of the stack; null = not known, or not to be looked at. */
  pixelSize: PixelSize.nullable(),
  /** Of the stack, as it is segmented. */
  conditioning: Conditioning,
  /** Slices to look at, the best first; the first three that can be read and show tissue are. */
  slices: z.array(count).min(1),
});
export type LookedAt = z.infer<typeof LookedAt>;

/** A model is fitted to a stack of which nothing is labelled. */
export const FitData = LookedAt.extend({ pictures: z.array(CleanPictures).min(1) });
export type FitData = z.infer<typeof FitData>;

/** What a model answers on slices of a stack, without any truth. */
export const StackAnswer = z.object({
  /** mean |p(x) − p(xᵀ)ᵀ| over the share of p > ½: how much the answer depends on the way the picture lies; null = no pixel has p > ½. */
  disagreement: z.number().nonnegative().nullable(),
  /** Share of pixels with p > ½. */
  membrane: share,
  /** V_Info both ways between the cells of p(x) and of p(xᵀ)ᵀ at the topology threshold, mean over slices. */
  agreement: share,
  /** Cells of 150 pixels and more at the topology threshold, a slice. */
  cells: z.number().nonnegative(),
});
export type StackAnswer = z.infer<typeof StackAnswer>;

/** What a fit did. */
export const FitReport = z.object({
  /** Of the stack, that were looked at. */
  slices: z.array(count),
  /** In pixels of the network's grid, and in deviations of the clean pictures. */
  look: z.object({ blur: z.number(), noise: z.number(), misfit: z.number() }),
  /** Clean pictures that were learnt. */
  pictures: count,
  before: StackAnswer,
  after: StackAnswer,
});
export type FitReport = z.infer<typeof FitReport>;
