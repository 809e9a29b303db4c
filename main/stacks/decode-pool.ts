import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type DecodeAnswer, type DecodeRequest, decodeBatch } from './tiff/decode-block';

export interface DecodePoolOptions {
  /** The built worker; null decodes on the calling thread. */
  readonly worker: URL | null;
  readonly size?: number;
  /** A batch that takes longer is given up and its worker replaced. */
  readonly timeoutMs?: number;
}

interface Task {
  readonly request: DecodeRequest;
  readonly resolve: (answer: DecodeAnswer) => void;
}

interface Run {
  readonly task: Task;
  readonly timer: NodeJS.Timeout;
}

/** 4 MiB batches decode in well under a second; a minute is a hang. */
const TIMEOUT_MS = 60_000;
const MOST_WORKERS = 4;

/**
 * Threads that decode compressed blocks, so that a damaged or hostile file
 * costs a worker and never the app. Workers start when first needed and do not
 * keep the process alive.
 */
export class DecodePool {
  readonly size: number;
  private readonly timeoutMs: number;
  private readonly idle: Worker[] = [];
  private readonly running = new Map<Worker, Run>();
  private readonly queue: Task[] = [];
  private closed = false;

  constructor(private readonly options: DecodePoolOptions) {
    this.size = options.size ?? Math.max(1, Math.min(MOST_WORKERS, availableParallelism() - 1));
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** Decodes one batch. `request.bytes` is handed over: don't use it afterwards. A batch whose worker dies comes back as corrupt blocks. */
  decode(request: DecodeRequest, signal: AbortSignal): Promise<DecodeAnswer> {
    signal.throwIfAborted();
    if (this.options.worker === null) return decodeBatch(request);
    return new Promise((resolve, reject) => {
      const task: Task = {
        request,
        resolve: (answer) => {
          signal.removeEventListener('abort', abandon);
          resolve(answer);
        },
      };
      // A running batch is left to finish: it is short, and its worker stays warm.
      const abandon = (): void => {
        const waiting = this.queue.indexOf(task);
        if (waiting >= 0) this.queue.splice(waiting, 1);
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
      };
      signal.addEventListener('abort', abandon, { once: true });
      this.queue.push(task);
      this.dispatch();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const workers = [...this.idle, ...this.running.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
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
    worker.on('message', (answer: DecodeAnswer) => this.finish(worker, answer));
    worker.on('error', (error) => this.lose(worker, `the decoder failed: ${error.message}`));
    worker.on('exit', () => this.lose(worker, 'the decoder stopped'));
    worker.unref();
    return worker;
  }

  private run(worker: Worker, task: Task): void {
    const timer = setTimeout(
      () => this.lose(worker, `decoding took longer than ${this.timeoutMs / 1000} s`),
      this.timeoutMs,
    );
    this.running.set(worker, { task, timer });
    worker.ref();
    worker.postMessage(task.request, [task.request.bytes]);
  }

  private finish(worker: Worker, answer: DecodeAnswer): void {
    const run = this.settle(worker);
    if (run === undefined) return;
    worker.unref();
    this.idle.push(worker);
    run.task.resolve(answer);
    this.dispatch();
  }

  private lose(worker: Worker, reason: string): void {
    const place = this.idle.indexOf(worker);
    if (place >= 0) this.idle.splice(place, 1);
    const run = this.settle(worker);
    void worker.terminate();
    run?.task.resolve(lostBatch(run.task.request, reason));
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
