import { z } from 'zod';
import { count } from './numbers';

/** Longest time at the canvas that one message tells of. */
export const MOST_ACTIVE_SECONDS = 3600;

/** What people have put into a project by hand. */
export const Effort = z.object({
  /** ISO time from which on it was counted: projects from before have earlier work that nobody counted. */
  since: z.iso.datetime(),
  /** Time at the canvas, in seconds; pauses of more than 20 s between two inputs don't count. */
  activeSeconds: z.number().nonnegative(),
  /** Steps that painted or erased, those taken back included. */
  strokes: count,
  /** Of these, taken back and not done again. */
  takenBack: count,
  /** Pixels that these steps painted or erased, those taken back included. */
  pixels: count,
});
export type Effort = z.infer<typeof Effort>;
