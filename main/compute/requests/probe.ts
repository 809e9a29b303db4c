import { z } from 'zod';
import type { RequestSpec } from '../request';
import { EngineChoice } from './engine-choice';

export const ProbeStage = z.enum(['checking', 'timing']);
export type ProbeStage = z.infer<typeof ProbeStage>;

export const ProbeAnswer = z.object({
  /** Agrees with the stored numbers to `tolerance`. */
  ok: z.boolean(),
  maxError: z.number(),
  tolerance: z.number(),
  forwardMs: z.number().nullable(),
  stepMs: z.number().nullable(),
  fastMs: z.number().nullable(),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** Starts the engine of the choice and checks it; asked of a process of its own. */
export const engineProbe: RequestSpec<{ choice: EngineChoice }, ProbeStage, ProbeAnswer> = {
  id: 'engine.probe',
  params: z.object({ choice: EngineChoice }),
  progress: ProbeStage,
  result: ProbeAnswer,
  cancelWithinMs: 200,
};
