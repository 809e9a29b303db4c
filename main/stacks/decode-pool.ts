import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { fromErrorReport, MembranaError } from '#contract/errors';
import type { SourceFile } from './source-file';
import type { Chunk } from '#volume/chunk-source';
import { newPixels } from '#volume/pixel-array';
import type { Hdf5Request, Hdf5Structure } from './hdf5/hdf5-structure';
import type { Hdf5BoxRequest } from './hdf5/read-box';
import type { PictureRequest } from './slices/decode-picture';
import type { SliceStructure } from './slices/slice-structure';
import type { SliceStatistics } from '#contract/entities';
import type { SliceBands } from './statistics';
import type { StoredRequest } from './blocks/decode-stored';
import type { TileStreams } from './blocks/inflate-tiles';
import type { WireBlock } from './blocks/wire-block';
import {
  answerRequest,
  type HalveRequest,
  type StackAnswer,
  type StackRequest,
} from './stack-worker';
import { type DecodeAnswer, type DecodeRequest, decodeBatch } from './tiff/decode-block';
import { readStructure, type TiffStructure } from './tiff/container/tiff-structure';
import type { ZarrChunkRequest } from './zarr/decode-chunk';
import type { ZarrStructure } from './zarr/zarr-structure';

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

/** What becomes of a request whose worker is at it when it is aborted: ended with its worker, left alone, or waited for, since it uses what the caller holds. */
type WhenAborted = 'end' | 'leave' | 'wait';

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
/** One for the slice in view while the other is at something longer. */
const FEWEST_WORKERS = 2;

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
    const cores = availableParallelism() - 1;
    this.size = options.size ?? Math.max(FEWEST_WORKERS, Math.min(MOST_WORKERS, cores));
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.silenceMs = options.silenceMs ?? SILENCE_MS;
  }

  /** Decodes one batch. `batch.bytes` is handed over: don't use it afterwards. A batch whose worker dies comes back as corrupt blocks. */
  async decode(batch: DecodeRequest, signal: AbortSignal): Promise<DecodeAnswer> {
    signal.throwIfAborted();
    if (this.options.worker === null) return decodeBatch(batch);
    // A running batch is left to finish: it is short, and its worker stays warm.
    const outcome = await this.ask({ kind: 'decode', batch }, [batch.bytes], signal, 'leave');
    switch (outcome.kind) {
      case 'decoded':
        return outcome.batch;
      case 'failed':
        return lostBatch(batch, outcome.error.message);
      case 'lost':
        return lostBatch(batch, outcome.reason);
      case 'structure':
      case 'slices':
      case 'zarr':
      case 'hdf5':
      case 'chunk':
      case 'tiles':
      case 'inflated':
      case 'statistics':
        return lostBatch(batch, OTHERWISE);
    }
  }

  /** Reads, decodes and halves what lies in a file that stays open meanwhile; null where anything is wrong with it. @throws AbortError */
  async stored(stored: StoredRequest, signal: AbortSignal): Promise<WireBlock | null> {
    const outcome = await this.ask({ kind: 'stored', stored }, [], signal, 'wait');
    return outcome.kind === 'tiles' ? outcome.tiles : null;
  }

  /** Halves pixels; `halve.region` is handed over. Null where its worker dies. @throws AbortError */
  async halve(halve: HalveRequest, signal: AbortSignal): Promise<WireBlock | null> {
    const outcome = await this.ask(
      { kind: 'halve', halve },
      [halve.region.data.buffer],
      signal,
      'leave',
    );
    return outcome.kind === 'tiles' ? outcome.tiles : null;
  }

  /** Inflates tiles of bytes; null where a stream is damaged. `streams.bytes` is handed over. @throws AbortError */
  async inflate(
    streams: TileStreams,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    const outcome = await this.ask({ kind: 'inflate', streams }, [streams.bytes], signal, 'leave');
    return outcome.kind === 'inflated' ? outcome.bytes : null;
  }

  /**
   * Reads the structure of the file that is open here.
   * @throws MembranaError tiff.*, file.*; AbortError
   */
  async structure(file: SourceFile, signal: AbortSignal): Promise<TiffStructure> {
    signal.throwIfAborted();
    if (this.options.worker === null) return readStructure(file, signal);
    const request: StackRequest = { kind: 'structure', path: file.path };
    const outcome = await this.ask(request, [], signal, 'end');
    switch (outcome.kind) {
      case 'structure':
        file.assertSame(outcome.place);
        return outcome.structure;
      case 'failed':
        throw fromErrorReport(outcome.error);
      default: {
        const reason = outcome.kind === 'lost' ? outcome.reason : OTHERWISE;
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

  /** Reads the heads of the slices of a folder. @throws MembranaError stack.*, file.*; AbortError */
  async slices(
    folder: string,
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<SliceStructure> {
    const outcome = await this.ask({ kind: 'slices', folder, names }, [], signal, 'end');
    if (outcome.kind === 'slices') return outcome.structure;
    throw unread(folder, outcome);
  }

  /** Reads what the Zarr in a folder is. @throws MembranaError stack.*, file.*; AbortError */
  async zarr(folder: string, signal: AbortSignal): Promise<ZarrStructure> {
    const outcome = await this.ask({ kind: 'zarr', folder }, [], signal, 'end');
    if (outcome.kind === 'zarr') return outcome.structure;
    throw unread(folder, outcome);
  }

  /** Reads what a HDF5 file, or a dataset in it, is; the file stays open meanwhile. @throws MembranaError stack.*; AbortError */
  async hdf5(hdf5: Hdf5Request, signal: AbortSignal): Promise<Hdf5Structure> {
    const outcome = await this.ask({ kind: 'hdf5', hdf5 }, [], signal, 'end');
    if (outcome.kind === 'hdf5') return outcome.structure;
    throw unread(hdf5.name, outcome);
  }

  /** Reads a chunk of a dataset of a HDF5 file, which stays open meanwhile. @throws AbortError */
  hdf5Box(box: Hdf5BoxRequest, signal: AbortSignal): Promise<Chunk> {
    return this.chunk({ kind: 'hdf5-box', box }, signal, 'wait');
  }

  /** Decodes a whole picture. @throws MembranaError file.*, stack.*; AbortError */
  picture(picture: PictureRequest, signal: AbortSignal): Promise<Chunk> {
    return this.chunk({ kind: 'picture', picture }, signal);
  }

  /** Reads and decodes a chunk of a Zarr. @throws AbortError */
  zarrChunk(chunk: ZarrChunkRequest, signal: AbortSignal): Promise<Chunk> {
    return this.chunk({ kind: 'zarr-chunk', chunk }, signal);
  }

  /**
   * The statistics of a slice; its pixels are handed over.
   * @throws MembranaError stack.page-unreadable where its worker dies; AbortError
   */
  async statistics(slice: SliceBands, signal: AbortSignal): Promise<SliceStatistics> {
    const pixels = slice.bands.map(({ region }) => region.data.buffer);
    const outcome = await this.ask({ kind: 'statistics', slice }, pixels, signal, 'leave');
    if (outcome.kind === 'statistics') return outcome.statistics;
    if (outcome.kind === 'failed') throw fromErrorReport(outcome.error);
    const reason = outcome.kind === 'lost' ? outcome.reason : OTHERWISE;
    throw new MembranaError(
      'stack.page-unreadable',
      `The histogram of the slice could not be made: ${reason}.`,
      { hint: 'Go to another slice and back.' },
    );
  }

  /** A chunk whose worker dies comes back as corrupt. */
  private async chunk(
    request: StackRequest,
    signal: AbortSignal,
    running: WhenAborted = 'leave',
  ): Promise<Chunk> {
    const outcome = await this.ask(request, [], signal, running);
    if (outcome.kind === 'chunk') return outcome.chunk;
    if (outcome.kind === 'failed') throw fromErrorReport(outcome.error);
    const reason = outcome.kind === 'lost' ? outcome.reason : OTHERWISE;
    return { pixels: newPixels('uint8', 0), problem: { state: 'corrupt', reason, goodRows: 0 } };
  }

  async close(): Promise<void> {
    this.closed = true;
    const workers = [...this.idle, ...this.running.keys()];
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  /** Has a worker answer; an aborted request leaves the queue. */
  private async ask(
    request: StackRequest,
    transfer: readonly ArrayBuffer[],
    signal: AbortSignal,
    running: WhenAborted,
  ): Promise<Outcome> {
    signal.throwIfAborted();
    if (this.options.worker === null) return answerRequest(request);
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
        else if (running === 'wait') return;
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
        const worker = [...this.running].find(([, run]) => run.task === task)?.[0];
        if (running === 'end' && worker !== undefined) this.lose(worker, 'it was cancelled');
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
    const limit = readsAtLength(request) ? this.silenceMs : this.timeoutMs;
    const doing = readsAtLength(request) ? 'one step of it' : 'decoding';
    return setTimeout(
      () => this.lose(worker, `${doing} took longer than ${limit / 1000} s`),
      limit,
    );
  }

  /** A structure may take as long as its drive does; only a reader that is stuck is given up. */
  private alive(worker: Worker): void {
    const run = this.running.get(worker);
    if (run === undefined || !readsAtLength(run.task.request)) return;
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

const OTHERWISE = 'the decoder answered something else';

/** Whether a request reads as long as the drive takes, and is watched for signs of life only. */
function readsAtLength({ kind }: StackRequest): boolean {
  return kind === 'structure' || kind === 'slices' || kind === 'zarr' || kind === 'hdf5';
}

/** Why a folder or file could not be read. */
function unread(folder: string, outcome: Outcome): MembranaError {
  if (outcome.kind === 'failed') return fromErrorReport(outcome.error);
  const reason = outcome.kind === 'lost' ? outcome.reason : OTHERWISE;
  const name = basename(folder);
  return new MembranaError('stack.too-large', `${name} could not be read: ${reason}.`, {
    hint: 'It asks for more than a stack can need; export it again.',
    data: { file: name },
  });
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
