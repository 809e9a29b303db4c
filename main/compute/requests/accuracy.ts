import { z } from 'zod';
import { ErrorCounts, MaskScores, SegmentationError } from '#contract/entities';
import { SourceReference } from '#main/stacks/source/source-identity';
import type { RequestSpec } from '../request';

const count = z.int().nonnegative();

export const MeasureMaskParams = z.object({
  /** The mask of a slice, row by row: 0, or anything else for membrane. */
  mask: z.instanceof(Uint8Array),
  width: z.int().positive(),
  height: z.int().positive(),
  truth: SourceReference,
  /** The value of the truth that means membrane. */
  membrane: z.number(),
  /** Slice of the truth. */
  z: count,
  /** How many of the most costly errors to list. */
  most: count,
});
export type MeasureMaskParams = z.infer<typeof MeasureMaskParams>;

export const MeasuredMask = z.discriminatedUnion('kind', [
  /** The truth has no membrane on this slice. */
  z.object({ kind: z.literal('blank') }),
  z.object({
    kind: z.literal('measured'),
    scores: MaskScores,
    /** Membrane pixels of mask and truth: in both, in one of them only. */
    pixels: z.object({ both: count, maskOnly: count, truthOnly: count }),
    errors: ErrorCounts,
    /** The worst first. */
    worst: z.array(SegmentationError),
  }),
]);
export type MeasuredMask = z.infer<typeof MeasuredMask>;

/** Holds the mask of one slice against the truth. */
export const measureMask: RequestSpec<MeasureMaskParams, null, MeasuredMask> = {
  id: 'accuracy.slice',
  params: MeasureMaskParams,
  progress: z.null(),
  result: MeasuredMask,
  // The list of errors of a slice is made at once: seconds for 1024².
  cancelWithinMs: 20_000,
};
