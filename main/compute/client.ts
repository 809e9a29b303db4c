import { setTimeout as sleep } from 'node:timers/promises';
import { fromErrorReport, MembranaError } from '#contract/errors';
import {
  crashError,
  interruptedError,
  isInterrupted,
  refusedError,
  silentError,
} from './crash-report';
import { FromCompute, type ToCompute } from './messages';
import type { RequestSpec } from './request';
import { RestartPolicy } from './restart-policy';
import type { ProcessExit, ProcessLauncher, Transport } from './transport';

/** Longest silence of a working process before it counts as stuck; one native kernel may take tens of seconds. */
const SILENCE_MS = 180_000;

export type ComputeState = 'idle' | 'busy' | 'restarting' | 'unavailable';

export interface ComputeClientOptions {
  readonly launcher: ProcessLauncher;
  readonly environment: Readonly<Record<string, string>>;
  readonly log?: (text: string) => void;
  readonly onState?: (state: ComputeState, note: string) => void;
  readonly silenceMs?: number;
}

export interface CallOptions<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress?: (value: Progress) => void;
}

interface Pending {
  readonly request: string;
  readonly progress: (value: unknown) => void;
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

interface Running {
  readonly transport: Transport;
  readonly pending: Map<number, Pending>;
  lastSign: number;
  /** Why we ended it ourselves; an exit without it is a crash. */
  ending: MembranaError | 'cancel' | 'retire' | 'dispose' | null;
}

/**
 * Owns the compute process: starts it at the first call, restarts it after a
 * crash (with a delay that grows, and not for ever), ends it when a cancelled
 * call doesn't answer in time, and turns every end into the error of the
 * calls that it took along.
 */
export class ComputeClient {
  readonly #options: ComputeClientOptions;
  readonly #policy = new RestartPolicy();
  #running: Running | null = null;
  #starting: Promise<Running> | null = null;
  #nextId = 1;
  #disposed = false;
  #retired = false;
  #watch: NodeJS.Timeout | null = null;

  constructor(options: ComputeClientOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#running?.transport.pid ?? null;
  }

  /** Whether a call waits for its answer. */
  get busy(): boolean {
    return (this.#running?.pending.size ?? 0) > 0;
  }

  /**
   * Calls the compute process. Rejects with the handler's MembranaError,
   * `compute.crashed` with the signal or exit code, `compute.timeout`, or an
   * AbortError at most `spec.cancelWithinMs` after the signal fires. A call
   * whose process was ended for another, cancelled one is made again, progress
   * from the beginning; one that resumes gets `compute.interrupted`.
   */
  async call<Params, Progress, Result>(
    spec: RequestSpec<Params, Progress, Result>,
    params: Params,
    options: CallOptions<Progress>,
  ): Promise<Result> {
    for (;;) {
      try {
        return await this.#callOnce(spec, params, options);
      } catch (error) {
        const again = isInterrupted(error) && spec.resumes !== true;
        if (!again) throw error;
      }
    }
  }

  async #callOnce<Params, Progress, Result>(
    spec: RequestSpec<Params, Progress, Result>,
    params: Params,
    { signal, onProgress }: CallOptions<Progress>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const running = await this.#acquire();
    signal.throwIfAborted();
    const id = this.#nextId++;
    let grace: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      running.transport.post({ kind: 'cancel', id } satisfies ToCompute);
      grace = setTimeout(() => {
        running.ending = 'cancel';
        running.transport.kill();
      }, spec.cancelWithinMs);
    };
    try {
      const value = await new Promise<unknown>((resolve, reject) => {
        running.pending.set(id, {
          request: spec.id,
          progress: (step) => onProgress?.(spec.progress.parse(step)),
          done: resolve,
          failed: reject,
        });
        signal.addEventListener('abort', cancel, { once: true });
        this.#report();
        running.lastSign = Date.now();
        running.transport.post({ kind: 'call', id, request: spec.id, params } satisfies ToCompute);
      });
      signal.throwIfAborted();
      return spec.result.parse(value);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(grace);
      signal.removeEventListener('abort', cancel);
      running.pending.delete(id);
      this.#report();
      this.#endIfRetired();
    }
  }

  /** The process has done work that lasts (a checkpoint further on): its earlier crashes count no more. */
  forgive(): void {
    this.#policy.forgive();
  }

  /** Ends the process once no call runs in it; a later call starts another. */
  retire(): void {
    this.#retired = true;
    this.#endIfRetired();
  }

  #endIfRetired(): void {
    const running = this.#running;
    if (!this.#retired || running === null || running.pending.size > 0) return;
    running.ending ??= 'retire';
    running.transport.kill();
  }

  /** Ends the process and refuses further calls. */
  dispose(): void {
    this.#disposed = true;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    if (this.#running === null) return;
    this.#running.ending ??= 'dispose';
    this.#running.transport.kill();
  }

  async #acquire(): Promise<Running> {
    this.#retired = false;
    if (this.#running !== null && this.#running.ending === null) return this.#running;
    this.#starting ??= this.#start().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  async #start(): Promise<Running> {
    const decision = this.#policy.decide(Date.now());
    if (decision.kind === 'refuse') {
      this.#options.onState?.('unavailable', refusedError(decision.ms).message);
      throw refusedError(decision.ms);
    }
    if (decision.ms > 0) {
      this.#options.onState?.('restarting', 'Restarting the compute process');
      await sleep(decision.ms);
    }
    if (this.#disposed) {
      throw new MembranaError('job.cancelled', 'Membrana is closing.', {
        hint: 'Open Membrana again.',
      });
    }
    const transport = this.#options.launcher.launch(this.#options.environment);
    const running: Running = { transport, pending: new Map(), lastSign: Date.now(), ending: null };
    transport.onMessage((raw) => {
      this.#receive(running, raw);
    });
    transport.onExit((exit) => {
      this.#exited(running, exit);
    });
    this.#running = running;
    this.#watch ??= setInterval(() => {
      this.#checkSilence();
    }, 1000).unref();
    return running;
  }

  #receive(running: Running, raw: unknown): void {
    running.lastSign = Date.now();
    const parsed = FromCompute.safeParse(raw);
    if (!parsed.success) {
      this.#options.log?.(`compute sent a message that is not understood`);
      return;
    }
    const message = parsed.data;
    switch (message.kind) {
      case 'alive':
        break;
      case 'log':
        this.#options.log?.(message.text);
        break;
      case 'progress': {
        const pending = running.pending.get(message.id);
        try {
          pending?.progress(message.value);
        } catch (error) {
          pending?.failed(error);
        }
        break;
      }
      case 'done':
        running.pending.get(message.id)?.done(message.value);
        break;
      case 'failed':
        running.pending.get(message.id)?.failed(toError(message.error));
        break;
    }
  }

  #exited(running: Running, exit: ProcessExit): void {
    // Another process may have taken its place before its end was heard of.
    if (this.#running === running) this.#running = null;
    const { ending } = running;
    if (ending === null) {
      this.#policy.crashed(Date.now());
      this.#options.log?.(
        `compute ended: code ${exit.code}, signal ${exit.signal}\n${exit.output.trim()}`,
      );
    }
    for (const { request, failed } of [...running.pending.values()]) {
      failed(endedError(ending, exit, request));
    }
    running.pending.clear();
    this.#report();
  }

  #checkSilence(): void {
    const running = this.#running;
    const [first] = running?.pending.values() ?? [];
    if (running === null || first === undefined || running.ending !== null) return;
    const silent = Date.now() - running.lastSign;
    if (silent < (this.#options.silenceMs ?? SILENCE_MS)) return;
    running.ending = silentError(first.request, silent);
    running.transport.kill();
  }

  #report(): void {
    this.#options.onState?.(this.busy ? 'busy' : 'idle', '');
  }
}

/** What a call is told whose process ended. */
function endedError(ending: Running['ending'], exit: ProcessExit, request: string): MembranaError {
  if (ending instanceof MembranaError) return ending;
  if (ending === null) return crashError(exit, request);
  if (ending === 'dispose')
    return new MembranaError('job.cancelled', 'Membrana is closing.', {
      hint: 'Open Membrana again.',
      data: { during: request },
    });
  return interruptedError(request);
}

function toError(report: {
  code: MembranaError['code'];
  message: string;
  hint: string;
  safe?: string | undefined;
  data: Record<string, string | number | boolean | null>;
}): MembranaError {
  const { safe, ...rest } = report;
  return fromErrorReport(safe === undefined ? rest : { ...rest, safe });
}
