import { z } from 'zod';
import type { RequestSpec } from '../request';
import { EngineChoice } from '../requests';

const Nothing = z.null();

/** Adds up, reporting every element: the round trip of typed arrays and progress. */
export const sum: RequestSpec<{ values: Float32Array }, number, number> = {
  id: 'toy.sum',
  params: z.object({ values: z.instanceof(Float32Array) }),
  progress: z.number(),
  result: z.number(),
  cancelWithinMs: 200,
};

/** Waits until it is cancelled, and answers the cancel. */
export const wait: RequestSpec<null, string, null> = {
  id: 'toy.wait',
  params: Nothing,
  progress: z.string(),
  result: Nothing,
  cancelWithinMs: 2000,
};

/** Blocks its thread for good, as a native kernel that hangs. */
export const block: RequestSpec<null, string, null> = {
  id: 'toy.block',
  params: Nothing,
  progress: z.string(),
  result: Nothing,
  cancelWithinMs: 200,
};

/** Ends its own process: by exit code, or by a rejection that nobody handles. */
export const end: RequestSpec<{ how: 'exit-7' | 'unhandled' }, never, null> = {
  id: 'toy.end',
  params: z.object({ how: z.enum(['exit-7', 'unhandled']) }),
  progress: z.never(),
  result: Nothing,
  cancelWithinMs: 200,
};

/** Fails in the way that a handler should. */
export const refuse: RequestSpec<null, never, null> = {
  id: 'toy.refuse',
  params: Nothing,
  progress: z.never(),
  result: Nothing,
  cancelWithinMs: 200,
};

const Labour = z.object({
  choice: EngineChoice,
  /** How its process or its engine ends while the portion or the engine is not one that it survives. */
  fate: z.enum([
    'segfault',
    'exit-5',
    'out-of-memory',
    'killed-once',
    'killed-five-times',
    'bad-page',
  ]),
  /** Survives with tiles at most this large, */
  tile: z.number(),
  /** or on this engine. */
  engine: z.enum(['onnx', 'tensorflow', 'none']),
  /** File that marks earlier attempts, for the kills. */
  mark: z.string(),
});
export type Labour = z.infer<typeof Labour>;

/** Work that takes its process down as a real engine does, until it is given in portions that it survives. */
export const labour: RequestSpec<Labour, never, string> = {
  id: 'toy.labour',
  params: Labour,
  progress: z.never(),
  result: z.string(),
  cancelWithinMs: 200,
};
