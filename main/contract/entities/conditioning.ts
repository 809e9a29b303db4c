import { z } from 'zod';
import { ModelId } from '../ids';

/**
 * What is done to a slice before a network sees it, in this order, in pixels of
 * the network's grid. Chosen without labels, by how little the network's answer
 * depends on the way the picture lies.
 */
export const Conditioning = z.object({
  /** Bright membranes: grey values are turned around. */
  inverted: z.boolean(),
  /** The stack's pixels are this many times as large as its voxel size (or the lack of one) says; 1 = as said. */
  scale: z.number().min(0.25).max(4),
  /** Standard deviation of the surround whose mean and deviation are taken out; 0 = none. */
  flatField: z.number().min(0).max(256),
  /** Standard deviation of the Gaussian that slices are smoothed with; 0 = none. */
  smoothing: z.number().min(0).max(2),
});
export type Conditioning = z.infer<typeof Conditioning>;

/** The conditioning of a stack, and who chose it. */
export const StackConditioning = z.object({
  value: Conditioning,
  /** `measured`: by the answers of `model`; `user`: by hand, kept until changed by hand. */
  by: z.enum(['measured', 'user']),
  /** The version whose answers were looked at; null = none was. */
  model: ModelId.nullable(),
  /** What was measured last, to go back to; null = nothing was. */
  measured: Conditioning.nullable().default(null),
  /** A factor of scale that the answers speak for where the voxel size is not known; null = none. Nobody applies it unasked. */
  proposedScale: z.number().min(0.25).max(4).nullable().default(null),
});
export type StackConditioning = z.infer<typeof StackConditioning>;

export const noConditioning: Conditioning = {
  inverted: false,
  scale: 1,
  flatField: 0,
  smoothing: 0,
};

export function sameConditioning(one: Conditioning, other: Conditioning): boolean {
  return (
    one.inverted === other.inverted &&
    one.scale === other.scale &&
    one.flatField === other.flatField &&
    one.smoothing === other.smoothing
  );
}
