import { z } from 'zod';

export const EngineName = z.enum(['onnx', 'tensorflow']);
export type EngineName = z.infer<typeof EngineName>;

/** What runs an engine's kernels: the processor, or one of the ways to a graphics card. */
export const EngineProvider = z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']);
export type EngineProvider = z.infer<typeof EngineProvider>;

/** One engine on one device, as its probe found it. */
export const EngineReport = z.object({
  name: EngineName,
  device: z.enum(['cpu', 'gpu']),
  provider: EngineProvider,
  /** `untried`: not probed on this machine yet. `refused`: `reason` says why. `not-set-up`: `hint` says how to add it. */
  verdict: z.enum(['untried', 'probing', 'passes', 'refused', 'not-set-up']),
  /** It starts here; whether it may touch data is the verdict's to say. */
  available: z.boolean(),
  /** One sentence in plain words. */
  reason: z.string().optional(),
  hint: z.string().optional(),
  /** What the library said, for a report of a problem. */
  detail: z.string().optional(),
  canTrain: z.boolean(),
  /** `maxError`: the largest difference from the stored numbers. */
  probe: z.object({ ok: z.boolean(), maxError: z.number() }).nullable(),
  forwardMs: z.number().nullable(),
  stepMs: z.number().nullable(),
  /** A forward pass in 8 bits; null = this engine has none that can be trusted here. */
  fastMs: z.number().nullable().default(null),
});
export type EngineReport = z.infer<typeof EngineReport>;

/** How slices are segmented: in 8 bits where the engine can, in floats, or as the mean of eight flips and turns. */
export const SegmentQuality = z.enum(['fast', 'standard', 'careful']);
export type SegmentQuality = z.infer<typeof SegmentQuality>;

/** What the next job of a kind runs on, and why that. */
export const EnginePick = z.object({
  name: EngineName,
  device: z.enum(['cpu', 'gpu']),
  provider: EngineProvider,
  /** `learned`: a job had to step down to it. `untried`: nothing is probed yet, so the default. */
  why: z.enum(['fastest', 'only', 'given', 'learned', 'untried']),
});
export type EnginePick = z.infer<typeof EnginePick>;

export const EngineOverview = z.object({
  engines: z.array(EngineReport),
  probing: z.boolean(),
  /** When the last probe of this machine ended; null = there was none. */
  probed: z.string().nullable(),
  /** null = nothing that was asked for may be used. */
  segment: EnginePick.nullable(),
  train: EnginePick.nullable(),
  /** What jobs had to step down from on this machine, a sentence each. */
  lessons: z.array(z.string()),
});
export type EngineOverview = z.infer<typeof EngineOverview>;
