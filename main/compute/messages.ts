import { z } from 'zod';
import { ErrorReport } from '#contract/entities';

const id = z.int().nonnegative();

/** Main to compute process. */
export const ToCompute = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id, request: z.string(), params: z.unknown() }),
  z.object({ kind: z.literal('cancel'), id }),
]);
export type ToCompute = z.infer<typeof ToCompute>;

/** Compute process to main. `alive` is the heartbeat; a native kernel holds it back while it runs. */
export const FromCompute = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('progress'), id, value: z.unknown() }),
  z.object({ kind: z.literal('done'), id, value: z.unknown() }),
  z.object({ kind: z.literal('failed'), id, error: ErrorReport }),
  z.object({ kind: z.literal('log'), text: z.string() }),
]);
export type FromCompute = z.infer<typeof FromCompute>;
