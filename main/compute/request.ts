import type { z } from 'zod';

/**
 * A call to the compute process as a value: its name, what goes in, what is
 * streamed back and what comes out. Both sides parse what they receive, so
 * that a process of another version is an error and not a riddle.
 */
export interface RequestSpec<Params, Progress, Result> {
  readonly id: string;
  readonly params: z.ZodType<Params>;
  readonly progress: z.ZodType<Progress>;
  readonly result: z.ZodType<Result>;
  /** How long a cancelled call may take to answer before its process is ended, in milliseconds. */
  readonly cancelWithinMs: number;
  /** Its caller goes on from a checkpoint, so the client never makes the call again by itself. */
  readonly resumes?: true;
}

export interface CallContext<Progress> {
  readonly signal: AbortSignal;
  readonly progress: (value: Progress) => void;
}

/** Answers one request; throws MembranaError, or AbortError when the signal fired. */
export type Handler<Params, Progress, Result> = (
  params: Params,
  context: CallContext<Progress>,
) => Promise<Result>;

/** A spec and its handler with the types closed over, so that handlers of many specs fit one list. */
export interface Route {
  readonly id: string;
  run(params: unknown, signal: AbortSignal, progress: (value: unknown) => void): Promise<unknown>;
}

export function route<Params, Progress, Result>(
  spec: RequestSpec<Params, Progress, Result>,
  load: () => Promise<Handler<Params, Progress, Result>>,
): Route {
  return {
    id: spec.id,
    async run(params, signal, progress) {
      const handler = await load();
      return handler(spec.params.parse(params), { signal, progress });
    },
  };
}
