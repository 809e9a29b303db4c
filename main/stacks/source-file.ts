import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAbort, MembranaError } from '#contract/errors';
import { CountedHandle } from './source/counted-handle';
import type { SourceContents } from './source/source-contents';
import {
  contentDigest,
  type Place,
  placeOf,
  samePlace,
  type SourceIdentity,
} from './source/source-identity';

const RETRY_MS = [100, 400, 1000] as const;
/** A file that is written anew while each of so many reads runs is given up. */
const MOST_REREADS = 5;
/** Failures that a network drive or a stick shows for a moment. */
const passing = new Set(['EIO', 'EAGAIN', 'ETIMEDOUT', 'ESTALE', 'EBUSY']);

const nothing = (): void => undefined;

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether an error of the file system says that nothing lies at a path. */
export function isNotThere(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

/**
 * A regular file opened for random reads, which notices when the file is
 * replaced, shrunk or written to while it is open. Once its identity is known,
 * the same bytes under another date or in another file of that name (a sync
 * client, a copy back) are still the same source.
 */
export class SourceFile implements SourceContents {
  readonly name: string;
  readonly size: number;
  readonly manifest = '';
  private known: Promise<SourceIdentity> | null = null;
  private rechecking: Promise<void> | null = null;
  private looking: Promise<void> = Promise.resolve();
  private nextLook: Promise<BigIntStats> | null = null;
  /** What was last found in its place and is not it. */
  private refused: { readonly place: Place; readonly error: MembranaError } | null = null;
  private readonly retired: Promise<void>[] = [];

  private constructor(
    readonly path: string,
    private handle: CountedHandle,
    private place: Place,
  ) {
    this.name = basename(path);
    this.size = place.size;
  }

  /**
   * Opens the file at `path`; with `expected` only if it is the file that this identity means.
   * @throws MembranaError file.not-found, file.unreadable, file.empty, file.changed
   */
  static async open(path: string, expected?: SourceIdentity): Promise<SourceFile> {
    const name = basename(path);
    const data = { file: name };
    let handle: CountedHandle | null = null;
    try {
      const before = await stat(path, { bigint: true });
      // Opening a FIFO would wait for a writer, so look first.
      if (!before.isFile()) {
        const what = before.isDirectory() ? 'a folder' : 'not a regular file';
        throw new MembranaError('file.unreadable', `${name} is ${what}.`, {
          hint: 'Choose the file of a stack.',
          data,
        });
      }
      if (expected !== undefined && Number(before.size) !== expected.size)
        throw changedError(name, 'has another size');
      if (before.size === 0n)
        throw new MembranaError('file.empty', `${name} is empty (0 bytes).`, {
          hint: 'Copy or export the file again; the last copy did not finish.',
          data,
        });
      handle = await CountedHandle.open(path);
      const file = new SourceFile(path, handle, placeOf(handle.stats));
      if (expected !== undefined) await file.mustBe(expected);
      return file;
    } catch (error) {
      await handle?.close();
      throw fileError(error, name);
    }
  }

  /**
   * Reads up to `length` bytes at `offset` into `into`; returns how many the file had.
   * @throws MembranaError file.changed, file.unreadable
   */
  readInto(into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number> {
    return this.readFrom(this.handle, into, offset, signal);
  }

  private async readFrom(
    handle: CountedHandle,
    into: Uint8Array,
    offset: number,
    signal?: AbortSignal,
  ): Promise<number> {
    const wanted = Math.max(0, Math.min(into.byteLength, this.size - offset));
    let done = 0;
    for (let attempt = 0; done < wanted;) {
      signal?.throwIfAborted();
      try {
        const bytesRead = await handle.read(into, done, wanted - done, offset + done);
        if (bytesRead === 0) throw changedError(this.name, 'is shorter than it was');
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

  /** Runs `use` with the number of the open file, which stays open until that has ended: a worker reads by it. */
  lend<T>(use: (file: number) => Promise<T>): Promise<T> {
    return this.handle.lend(use);
  }

  /**
   * Which file this is, for others who are to read the same one. Reads it once (`contentDigest`).
   * @throws MembranaError file.changed when it changes meanwhile, file.unreadable
   */
  identity(): Promise<SourceIdentity> {
    this.known ??= this.identify();
    return this.known;
  }

  private async identify(): Promise<SourceIdentity> {
    const { handle, place } = this;
    const content = await this.digest(handle);
    const now = placeOf(await handle.now());
    // Renaming and linking touch the entry alone; what was written while it was read is neither old nor new.
    if (now.size !== place.size || now.modified !== place.modified)
      throw changedError(this.name, 'was written to');
    return { ...place, content };
  }

  private digest(handle: CountedHandle): Promise<string> {
    return contentDigest(this.size, async (offset, length) => {
      const bytes = new Uint8Array(Math.min(length, this.size - offset));
      await this.readFrom(handle, bytes, offset);
      return bytes;
    });
  }

  private async mustBe(expected: SourceIdentity): Promise<void> {
    if (!samePlace(this.place, expected)) {
      if ((await this.digest(this.handle)) !== expected.content)
        throw changedError(this.name, howOther(this.place, expected));
    }
    this.known = Promise.resolve({ ...this.place, content: expected.content });
  }

  /** @throws MembranaError file.changed when another file is at this path now, or this one was written to. */
  async assertUnchanged(): Promise<void> {
    let now: BigIntStats;
    try {
      now = await this.look();
    } catch (error) {
      if (errorCode(error) === 'ENOENT') throw changedError(this.name, 'was moved or deleted');
      throw fileError(error, this.name);
    }
    const place = placeOf(now);
    if (samePlace(place, this.place)) return;
    if (this.refused !== null && samePlace(place, this.refused.place)) throw this.refused.error;
    this.rechecking ??= this.recheck(now).finally(() => {
      this.rechecking = null;
    });
    await this.rechecking;
  }

  /** What is at the path, looked up after this was called; whoever asks while one look is under way shares the next. */
  private look(): Promise<BigIntStats> {
    this.nextLook ??= this.looking.then(() => {
      this.nextLook = null;
      const look = stat(this.path, { bigint: true });
      this.looking = look.then(nothing, nothing);
      return look;
    });
    return this.nextLook;
  }

  /**
   * Runs `read`, which must see one state of the file: once more, with `again`
   * true, where the same bytes were written anew while it ran.
   * @throws MembranaError file.changed
   */
  async whileUnchanged<T>(read: (again: boolean) => Promise<T>): Promise<T> {
    await this.assertUnchanged();
    for (let attempt = 0; attempt < MOST_REREADS; attempt += 1) {
      const { place } = this;
      const result = await read(attempt > 0);
      await this.assertUnchanged();
      if (samePlace(place, this.place)) return result;
    }
    throw changedError(this.name, 'is written to again and again');
  }

  /** Something was done to the file: is it still what was opened? */
  private async recheck(now: BigIntStats): Promise<void> {
    const place = placeOf(now);
    const error = changedError(this.name, howOther(place, this.place));
    const refuse = (): MembranaError => {
      this.refused = { place, error };
      return error;
    };
    const sameTimes = place.inode === this.place.inode && place.modified === this.place.modified;
    if (place.size !== this.size || !now.isFile()) throw refuse();
    const identity = await this.known?.catch(() => null);
    if (identity === undefined || identity === null) {
      // Nothing to compare with; a renamed or linked file has the same bytes.
      if (!sameTimes || place.device !== this.place.device) throw refuse();
      this.place = place;
      return;
    }
    const found = await CountedHandle.open(this.path);
    try {
      const opened = placeOf(found.stats);
      const content = opened.size === this.size ? await this.digest(found) : '';
      if (content !== identity.content) throw refuse();
      this.retired.push(this.handle.close());
      this.handle = found;
      this.place = opened;
      this.known = Promise.resolve({ ...opened, content });
    } catch (failure) {
      await found.close();
      throw failure;
    }
  }

  /** Where the file that is open here lies on the disk, for another reader of the same one. */
  get standing(): Place {
    return this.place;
  }

  /** @throws MembranaError file.changed when another reader of this path found another file than is open here. */
  assertSame(found: Place): void {
    const { place } = this;
    // Renaming and linking touch the entry alone.
    if (!samePlace({ ...found, changed: place.changed }, place))
      throw changedError(this.name, howOther(found, place));
  }

  async close(): Promise<void> {
    await Promise.all([...this.retired, this.handle.close()]);
  }
}

function howOther(now: Place, then: Place): string {
  if (now.size !== then.size) return 'has another size';
  const replaced = now.inode !== then.inode || now.device !== then.device;
  return replaced ? 'was replaced by another file' : 'was written to';
}

/** What is open was changed by somebody else: `how` goes on from its name. */
export function changedError(name: string, how: string): MembranaError {
  return new MembranaError('file.changed', `${name} ${how} since it was opened.`, {
    hint: 'Put the file back, or open the stack again; “Find the stack…” keeps the project that is open.',
    safe: 'Labels, models and finished slices are kept.',
    data: { file: name },
  });
}

/** A system error as a typed one; typed errors and aborts pass through. */
export function fileError(error: unknown, name: string): unknown {
  if (error instanceof MembranaError || isAbort(error)) return error;
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
