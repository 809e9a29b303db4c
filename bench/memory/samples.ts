import { z } from 'zod';
import { slopeOf } from '../race/slope';

export const MemorySample = z.object({
  phase: z.enum(['training', 'prediction']),
  /** Steps or slices done. */
  done: z.number(),
  rssKiB: z.number(),
  /** What the engine counts; null for a peer. */
  tensors: z.number().nullable(),
  graphs: z.number().nullable(),
});
export type MemorySample = z.infer<typeof MemorySample>;
export type Phase = MemorySample['phase'];

/** Both sides report after so many steps. */
export const sampleEvery = 10;
/** Before that caches and arenas fill: it doesn't count. */
export const settledAfter = 50;

/** The samples of a phase from when its memory should have settled. */
export function settled(samples: readonly MemorySample[], phase: Phase): readonly MemorySample[] {
  return samples.filter((sample) => sample.phase === phase && sample.done >= settledAfter);
}

/** Slope of the line of least squares through RSS, in KiB a step; null with fewer than two samples. */
export function rssSlope(samples: readonly MemorySample[]): number | null {
  if (samples.length < 2) return null;
  return slopeOf(samples.map(({ done, rssKiB }) => [done, rssKiB]));
}
