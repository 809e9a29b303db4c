import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fromErrorReport, MembranaError } from '#contract/errors';
import type { SourceFile } from './source-file';
import type { StackAnswer, StackRequest } from './stack-worker';
import { type DecodeAnswer, type DecodeRequest, decodeBatch } from './tiff/decode-block';
import { readStructure, type TiffStructure } from './tiff/tiff-structure';

export interface DecodePoolOptions {
  /** The built worker; null decodes on the calling thread. */
  readonly worker: URL | null;
  readonly size?: number;
  /** A batch that takes longer is given up and its worker replaced. */
  readonly timeoutMs?: number;
  /** The same for a structure whose reader gives no sign of life. */
  readonly silenceMs?: number;
}

type Outcome = StackAnswer | { readonly kind: 'lost'; readonly reason: string };

interface Task {
  readonly request: StackRequest;
  readonly transfer: readonly ArrayBuffer[];
  readonly done: (outcome: Outcome) => void;
}

interface Run {
  readonly task: Task;
  timer: NodeJS.Timeout;
}

/** 4 MiB batches decode in well under a second; a minute is a hang. */
const TIMEOUT_MS = 60_000;
const SILENCE_MS = 10_000;
const MOST_WORKERS = 4;

/**
 * Threads that read the structure of files and decode compressed blocks, so that
 * a damaged or hostile file costs a worker and never the app. Workers start when
 * first needed and do not keep the process alive.
 */
export class DecodePool {
  readonly size: number;
  private readonly timeoutMs: number;
  private readonly silenceMs: number;
  private readonly idle: Worker[] = [];
  private readonly running = new Map<Worker, Run>();
  private readonly queue: Task[] = [];
  private closed = false;

  constructor(private readonly options: DecodePoolOptions) {
    this.size = options.size ?? Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1));
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.silenceMs = options.silenceMs ?? SILENCE_MS;
  }

  /** Decodes one batch. `batch.bytes` is handed over: don't use it afterwards. A batch whose worker dies comes back as corrupt blocks. */
  async decode(batch: DecodeRequest, signal: AbortSignal): Promise<DecodeAnswer> {
    signal.throwIfAborted();
    if (this.options.worker === null) return decodeBatch(batch);
    // A running batch is left to finish: it is short, and its worker stays warm.
    const outcome = await this.ask({ kind: 'decode', batch }, [batch.bytes], signal, false);
    switch (outcome.kind) {
      case 'decoded':
        return outcome.batch;
      case 'failed':
        return lostBatch(batch, outcome.error.message);
      case 'lost':
        return lostBatch(batch, outcome.reason);
      case 'structure':
        return lostBatch(batch, 'the decoder answered something else');
    }
  }

  /**
   * Reads the structure of the file that is open here.
   * @throws MembranaError tiff.*, file.*; AbortError
   */
  async structure(file: SourceFile, signal: AbortSignal): Promise<TiffStructure> {
    signal.throwIfAborted();
    if (this.options.worker === null) return readStructure(file, signal);
    const request: StackRequest = { kind: 'structure', path: file.path };
    const outcome = await this.ask(request, [], signal, true);
    switch (outcome.kind) {
      case 'structure':
        file.assertSame(outcome.place);
        return outcome.structure;
      case 'failed':
        throw fromErrorReport(outcome.error);
      case 'lost':
      case 'decoded': {
        const reason = outcome.kind === 'lost' ? outcome.reason : 'the reader answered otherwise';
        throw new MembranaError(
          'tiff.too-large',
          `The structure of ${file.name} could not be read: ${reason}.`,
          {
            hint: 'The file asks for more than a stack can need; export it again as a plain TIFF.',
            data: { file: file.name },
          },
        );
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const workers = [...this.idle, ...this.running.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Has a worker answer; an aborted request leaves the queue, and its worker too if `stop`. */
  private ask(
    request: StackRequest,
    transfer: readonly ArrayBuffer[],
    signal: AbortSignal,
    stop: boolean,
  ): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const task: Task = {
        request,
        transfer,
        done: (outcome) => {
          signal.removeEventListener('abort', abandon);
          resolve(outcome);
        },
      };
      const abandon = (): void => {
        const waiting = this.queue.indexOf(task);
        if (waiting >= 0) this.queue.splice(waiting, 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
        const worker = [...this.running].find(([, run]) => run.task === task)?.[0];
        if (stop && worker !== undefined) this.lose(worker, 'it was cancelled');
      };
      signal.addEventListener('abort', abandon, { once: true });
      this.queue.push(task);
      this.dispatch();
    });
  }

  private dispatch(): void {
    while (this.queue.length > 0 && !this.closed) {
      const worker = this.idle.pop() ?? this.start();
      if (worker === null) return;
      const task = this.queue.shift();
      if (task === undefined) return;
      this.run(worker, task);
    }
  }

  private start(): Worker | null {
    if (this.options.worker === null || this.running.size + this.idle.length >= this.size)
      return null;
    const worker = new Worker(this.options.worker, {
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      // Nothing of the app's environment or its flags is a decoder's business.
      env: {},
      execArgv: [],
    });
    worker.on('message', (answer: StackAnswer | { readonly kind: 'alive' }) => {
      if (answer.kind === 'alive') this.alive(worker);
      else this.finish(worker, answer);
    });
    worker.on('error', (error) => this.lose(worker, `the decoder failed: ${error.message}`));
    worker.on('exit', () => this.lose(worker, 'the decoder stopped'));
    worker.unref();
    return worker;
  }

  private run(worker: Worker, task: Task): void {
    this.running.set(worker, { task, timer: this.watch(worker, task) });
    worker.ref();
    worker.postMessage(task.request, [...task.transfer]);
  }

  private watch(worker: Worker, { request }: Task): NodeJS.Timeout {
    const limit = request.kind === 'decode' ? this.timeoutMs : this.silenceMs;
    const doing = request.kind === 'decode' ? 'decoding' : 'one step of it';
    return setTimeout(
      () => this.lose(worker, `${doing} took longer than ${limit / 1000} s`),
      limit,
    );
  }

  /** A structure may take as long as its drive does; only a reader that is stuck is given up. */
  private alive(worker: Worker): void {
    const run = this.running.get(worker);
    if (run?.task.request.kind !== 'structure') return;
    clearTimeout(run.timer);
    run.timer = this.watch(worker, run.task);
  }

  private finish(worker: Worker, answer: StackAnswer): void {
    const run = this.settle(worker);
    if (run === undefined) return;
    worker.unref();
    this.idle.push(worker);
    run.task.done(answer);
    this.dispatch();
  }

  private lose(worker: Worker, reason: string): void {
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
    const run = this.settle(worker);
    void worker.terminate();
    run?.task.done({ kind: 'lost', reason });
    this.dispatch();
  }

  private settle(worker: Worker): Run | undefined {
    const run = this.running.get(worker);
    clearTimeout(run?.timer);
    this.running.delete(worker);
    return run;
  }
}

function lostBatch(request: DecodeRequest, reason: string): DecodeAnswer {
  return {
    pixels: new Uint8Array(0),
    outcomes: request.blocks.map(() => ({ kind: 'corrupt', reason })),
  };
}

/** The worker beside the running bundle, where there is one. */
export function builtDecodeWorker(): URL | null {
  for (const place of ['./decode-worker.js', '../decode-worker.js']) {
    const url = new URL(place, import.meta.url);
    if (url.protocol === 'file:' && existsSync(url)) return url;
  }
  return null;
}

let shared: DecodePool | null = null;

/** The pool that every stack of this process shares. */
export function sharedDecodePool(): DecodePool {
  shared ??= new DecodePool({ worker: builtDecodeWorker() });
  return shared;
}
