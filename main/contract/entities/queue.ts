import { z } from 'zod';
import { count, probability } from './numbers';

/**
 * Why a place is probably wrong. end: a membrane ends; open: two cells touch
 * without a wall; faint: a wall that is hardly there.
 */
export const DoubtKind = z.enum(['end', 'open', 'faint']);
export type DoubtKind = z.infer<typeof DoubtKind>;

/** A place of a slice that is probably wrong, in pixels of the slice. */
export const DoubtfulPlace = z.object({
  kind: DoubtKind,
  /** Near the middle of the stretch in question. */
  x: count,
  y: count,
  /** The smallest box around it. */
  box: z.object({ x: count, y: count, width: count, height: count }),
  /** That it is wrong. */
  chance: probability,
});
export type DoubtfulPlace = z.infer<typeof DoubtfulPlace>;

/** One look: a place in the middle, and how many others are in view around it. */
export const QueueEntry = DoubtfulPlace.extend({
  z: count,
  others: count,
  /** Errors to be expected in view. */
  expected: z.number().nonnegative(),
});
export type QueueEntry = z.infer<typeof QueueEntry>;
