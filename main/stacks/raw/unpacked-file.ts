import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MembranaError } from '#contract/errors';
import { CountedHandle } from '../source/counted-handle';
import type { SourceFile } from '../source-file';
import type { RawBytes, Reach } from './raw-bytes';
import { corruptRaw } from './raw-info';

/** Deflate makes at most 1,032 bytes of one. */
const MOST_EXPANSION = 1032;
/** Room that is left on the disk for others. */
const KEPT_FREE = 2 ** 30;
const STEP_BYTES = 2 ** 20;

/** What a compressed file is to give. */
export interface PackedPart {
  /** Where the gzip stream begins in the file. */
  readonly from: number;
  /** Bytes that are wanted of what it unpacks to; more of them is not looked at. */
  readonly bytes: number;
}

/**
 * A gzip stream that is unpacked into a file of its own while it is read from:
 * such a stream can't be entered in the middle, and a volume may be larger than
 * the memory. The file is gone when it is closed.
 */
export class UnpackedFile implements RawBytes {
  readonly comeLater = true;
  private done = 0;
  private end: Reach | null = null;
  private waiting: (() => void)[] = [];
  private readonly stopped = new AbortController();
  private readonly work: Promise<void>;

  private constructor(
    private readonly source: SourceFile,
    private readonly part: PackedPart,
    private readonly folder: string,
    private readonly handle: CountedHandle,
  ) {
    this.work = this.unpack().finally(() => this.wake());
  }

  /**
   * Begins to unpack; `source` stays open until it is closed.
   * @throws MembranaError stack.corrupt where the stream can't hold so much, disk.full
   */
  static async open(source: SourceFile, part: PackedPart): Promise<UnpackedFile> {
    const { name, size } = source;
    if (part.bytes > (size - part.from) * MOST_EXPANSION)
      throw corruptRaw(
        name,
        `it says that it unpacks to ${part.bytes} bytes, and can't hold so many`,
      );
    await assertRoom(name, part.bytes);
    const folder = await mkdtemp(join(tmpdir(), 'membrana-unpacked-'));
    try {
      const path = join(folder, 'pixels');
      await (await open(path, 'wx', 0o600)).close();
      return new UnpackedFile(source, part, folder, await CountedHandle.open(path));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  private async unpack(): Promise<void> {
    const { source, part, folder } = this;
    const { signal } = this.stopped;
    const file = await open(join(folder, 'pixels'), 'r+');
    try {
      const packed = Readable.from(this.packed(), { objectMode: false });
      const gunzip = createGunzip({ chunkSize: STEP_BYTES });
      packed.on('error', (error) => gunzip.destroy(error));
      for await (const piece of packed.pipe(gunzip)) {
        signal.throwIfAborted();
        if (!(piece instanceof Uint8Array)) continue;
        const wanted = piece.subarray(0, part.bytes - this.done);
        await file.write(wanted, 0, wanted.length, this.done);
        this.done += wanted.length;
        this.wake();
        if (this.done >= part.bytes) break;
      }
      this.end = {
        end: this.done,
        state: 'truncated',
        reason: 'its compressed data end before it',
      };
    } catch (error) {
      this.end = { end: this.done, ...endedBy(error, source.name) };
    } finally {
      await file.close();
    }
  }

  private async *packed(): AsyncGenerator<Uint8Array> {
    for (let at = this.part.from; at < this.source.size; at += STEP_BYTES)
      yield await this.source.read(at, STEP_BYTES, this.stopped.signal);
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  async reach(end: number, signal: AbortSignal): Promise<Reach> {
    while (this.done < end && this.end === null) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        this.waiting.push(go);
        signal.addEventListener('abort', go, { once: true });
      });
    }
    signal.throwIfAborted();
    return this.end ?? { end: this.done, state: 'missing', reason: 'it is not unpacked yet' };
  }

  async readInto(into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> {
    const wanted = Math.max(0, Math.min(into.length, this.done - offset));
    for (let done = 0; done < wanted;) {
      signal?.throwIfAborted();
      const count = await this.handle.read(into, done, wanted - done, offset + done);
      if (count === 0) return done;
      done += count;
    }
    return wanted;
  }

  /** What was unpacked stays as it is; only the file that it came from may be another one by now. */
  whileUnchanged<T>(read: () => Promise<T>): Promise<T> {
    return this.source.whileUnchanged(read);
  }

  lend<T>(use: (file: number) => Promise<T>): Promise<T> {
    return this.handle.lend(use);
  }

  async close(): Promise<void> {
    this.stopped.abort();
    await this.work;
    await this.handle.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function endedBy(error: unknown, name: string): Pick<Reach, 'state' | 'reason'> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'Z_BUF_ERROR':
      return { state: 'truncated', reason: 'its compressed data end before it' };
    case 'ENOSPC':
      return { state: 'missing', reason: 'the disk is full, and it could not be unpacked' };
    default:
      return code.startsWith('Z_')
        ? { state: 'corrupt', reason: 'its compressed data are damaged' }
        : { state: 'missing', reason: `${name} could not be unpacked so far` };
  }
}

async function assertRoom(name: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const free = bavail * bsize;
  if (free === 0 || bytes + KEPT_FREE <= free) return;
  throw new MembranaError(
    'disk.full',
    `${name} unpacks to ${Math.ceil(bytes / 2 ** 20)} MiB, and the disk has no room for it.`,
    {
      hint: 'Free some space on the disk with the temporary files, or save it without compression.',
      data: { file: name, bytes },
    },
  );
}
