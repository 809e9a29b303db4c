import { type BigIntStats, read } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MembranaError } from '#contract/errors';

const RETRY_MS = [100, 400, 1000] as const;
/** Failures that a network drive or a stick shows for a moment. */
const passing = new Set(['EIO', 'EAGAIN', 'ETIMEDOUT', 'ESTALE', 'EBUSY']);

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * A regular file opened for random reads, which notices when the file is
 * replaced, shrunk or written to while it is open (inode, size, mtime).
 */
export class SourceFile {
  readonly name: string;

  private constructor(
    readonly path: string,
    readonly size: number,
    private readonly handle: FileHandle,
    private readonly opened: BigIntStats,
  ) {
    this.name = basename(path);
  }

  /** @throws MembranaError file.not-found, file.unreadable, file.empty */
  static async open(path: string): Promise<SourceFile> {
    const name = basename(path);
    const data = { file: name };
    let handle: FileHandle | null = null;
    try {
      const before = await stat(path, { bigint: true });
      // Opening a FIFO would wait for a writer, so look first.
      if (!before.isFile()) {
        const what = before.isDirectory() ? 'a folder' : 'not a regular file';
        throw new MembranaError('file.unreadable', `${name} is ${what}.`, {
          hint: 'Choose a TIFF file.',
          data,
        });
      }
      if (before.size === 0n)
        throw new MembranaError('file.empty', `${name} is empty (0 bytes).`, {
          hint: 'Copy or export the file again; the last copy did not finish.',
          data,
        });
      handle = await open(path, 'r');
      const opened = await handle.stat({ bigint: true });
      return new SourceFile(path, Number(opened.size), handle, opened);
    } catch (error) {
      await handle?.close();
      throw fileError(error, name);
    }
  }

  /**
   * Reads up to `length` bytes at `offset` into `into`; returns how many the file had.
   * @throws MembranaError file.changed, file.unreadable
   */
  async readInto(into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> {
    const wanted = Math.max(0, Math.min(into.byteLength, this.size - offset));
    let done = 0;
    for (let attempt = 0; done < wanted;) {
      signal?.throwIfAborted();
      try {
        const bytesRead = await this.readOnce(into, done, wanted - done, offset + done);
        if (bytesRead === 0) throw this.changed('is shorter than when it was opened');
        done += bytesRead;
      } catch (error) {
        const wait = RETRY_MS[attempt];
        if (wait === undefined || !passing.has(errorCode(error))) throw fileError(error, this.name);
        attempt += 1;
        await sleep(wait);
      }
    }
    return done;
  }

  /** The callback form: on small reads twice as fast as the handle's own (20,000 of 512 bytes: 220 against 460 ms). */
  private readOnce(
    into: Uint8Array,
    start: number,
    length: number,
    position: number,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      read(this.handle.fd, into, start, length, position, (error, bytesRead) => {
        if (error === null) resolve(bytesRead);
        else reject(error);
      });
    });
  }

  /** Bytes at `offset`, fewer where the file ends. The caller has checked `length` against its budget. */
  async read(
    offset: number,
    length: number,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    const done = await this.readInto(bytes, offset, signal);
    return bytes.subarray(0, done);
  }

  /** @throws MembranaError file.changed when another file is at this path now, or this one was written to. */
  async assertUnchanged(): Promise<void> {
    let now: BigIntStats;
    try {
      now = await stat(this.path, { bigint: true });
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw this.changed('was moved or deleted');
      throw fileError(error, this.name);
    }
    const then = this.opened;
    if (now.ino !== then.ino || now.dev !== then.dev) throw this.changed('was replaced');
    if (now.size !== then.size) throw this.changed('has another size');
    if (now.mtimeNs !== then.mtimeNs) throw this.changed('was written to');
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private changed(how: string): MembranaError {
    return new MembranaError('file.changed', `${this.name} ${how} since it was opened.`, {
      hint: 'Close the stack and open it again.',
      safe: 'Labels and models are kept.',
      data: { file: this.name },
    });
  }
}

/** A system error as a typed one; typed errors and aborts pass through. */
export function fileError(error: unknown, name: string): unknown {
  if (error instanceof MembranaError) return error;
  const code = errorCode(error);
  const details = { data: { file: name, system: code }, cause: error };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new MembranaError('file.not-found', `${name} was not found.`, {
        ...details,
        hint: 'Check the name, and that the drive is connected.',
      });
    case 'EACCES':
    case 'EPERM':
      return new MembranaError('file.unreadable', `${name} may not be read by this user.`, {
        ...details,
        hint: 'Ask for read permission, or copy the file to a folder of your own.',
      });
    case 'ENAMETOOLONG':
      return new MembranaError('file.not-found', 'The file name is too long for this system.', {
        ...details,
        hint: 'Give the file a shorter name.',
      });
    case '':
      return error;
    default:
      return new MembranaError('file.unreadable', `${name} could not be read (${code}).`, {
        ...details,
        hint: 'Check the drive or the network connection and open the file again.',
      });
  }
}
