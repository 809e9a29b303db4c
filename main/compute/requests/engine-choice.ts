import { z } from 'zod';
import { EngineName, EngineProvider } from '#contract/entities';

/** How much is computed at once; null = as much as the recipe and the predictor do by themselves. */
export const BatchLimits = z.object({
  /** Crops of a batch whose gradients are computed together. */
  microBatch: z.int().positive().nullable(),
  /** Longest side of a tile in pixels. */
  tile: z.int().positive().nullable(),
});
export type BatchLimits = z.infer<typeof BatchLimits>;

/** Where it runs. `threads` is taken when the engine loads first and stays for the life of the process. */
export const EngineChoice = z.object({
  engine: z.enum(['auto', ...EngineName.options]),
  device: z.enum(['auto', 'cpu', 'gpu']),
  /** Without it an engine takes the best way to the device that it knows. */
  provider: EngineProvider.optional(),
  threads: z.int().positive(),
  portion: BatchLimits.optional(),
});
export type EngineChoice = z.infer<typeof EngineChoice>;

/** What computed an answer. */
export const UsedEngine = z.object({ engine: z.string(), device: z.string() });
