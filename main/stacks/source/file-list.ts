import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { changedError, fileError } from '../source-file';
import { openAtOnce } from './open-at-once';
import type { SourceContents } from './source-contents';
import {
  contentDigest,
  type Place,
  placeOf,
  samePlace,
  type SourceIdentity,
} from './source-identity';

/** A file of a folder as it was when the folder was opened; `place` is null where it was not there. */
export interface ListedFile {
  readonly name: string;
  readonly place: Place | null;
}

/** Files that are asked about at once. */
const LANES = 32;

async function placeAt(path: string): Promise<Place | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  return stats?.isFile() === true ? placeOf(stats) : null;
}

async function folderStats(path: string): Promise<BigIntStats> {
  try {
    const stats = await stat(path, { bigint: true });
    if (stats.isDirectory()) return stats;
  } catch (error) {
    throw fileError(error, basename(path));
  }
  throw changedError(basename(path), 'is no folder any more');
}

/** A digest as a whole number, which is what an identity keeps of times. */
function numberOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return BigInt(`0x${digest.slice(0, 30)}`).toString();
}

/**
 * The files of a folder that together are a source. Their names, sizes, times
 * and file numbers say whether anything was touched; where something was, their
 * names, sizes and content decide, so a folder that was copied or moved is the
 * same source. The content is read like that of one long file (`contentDigest`).
 */
export class FileList implements SourceContents {
  readonly size: number;
  readonly manifest: string;
  private readonly starts: readonly number[];
  private known: Promise<SourceIdentity> | null = null;

  private constructor(
    readonly path: string,
    private readonly folder: BigIntStats,
    readonly files: readonly ListedFile[],
    /** So many files from the first on must stay as they are while the source is open. */
    private readonly guarded: number,
  ) {
    let end = 0;
    this.starts = files.map(({ place }) => {
      const start = end;
      end += place?.size ?? 0;
      return start;
    });
    this.size = end;
    this.manifest = files.map(({ name, place }) => `${name}\t${place?.size ?? '-'}\n`).join('');
  }

  /**
   * Looks at the files `names` (relative to the folder `path`, `/` between parts) of a source.
   * @throws MembranaError file.not-found, file.unreadable; file.changed where it is not the `expected` one
   */
  static async look(
    path: string,
    names: readonly string[],
    { guarded = 0, expected }: { readonly guarded?: number; readonly expected?: SourceIdentity },
  ): Promise<FileList> {
    const folder = await folderStats(path);
    const places: (Place | null)[] = new Array<Place | null>(names.length).fill(null);
    const numbered = names.entries();
    const lane = async (): Promise<void> => {
      for (const [at, name] of numbered) places[at] = await placeAt(join(path, name));
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const files = names.map((name, at) => ({ name, place: places[at] ?? null }));
    const list = new FileList(path, folder, files, guarded);
    if (expected !== undefined) await list.mustBe(expected);
    return list;
  }

  get name(): string {
    return basename(this.path);
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const end = Math.min(this.size, offset + length);
    const bytes = new Uint8Array(Math.max(0, end - offset));
    let at = this.starts.findLastIndex((start) => start <= offset);
    for (let done = 0; done < bytes.length && at < this.files.length; at += 1) {
      const from = offset + done - (this.starts[at] ?? 0);
      const left = Math.min((this.files[at]?.place?.size ?? 0) - from, bytes.length - done);
      if (left <= 0) continue;
      await this.readFile(at, from, bytes.subarray(done, done + left));
      done += left;
    }
    return bytes;
  }

  private async readFile(at: number, from: number, into: Uint8Array): Promise<void> {
    const { name } = this.files[at] ?? { name: '' };
    try {
      const handle = await openAtOnce(join(this.path, name));
      try {
        for (let done = 0; done < into.length;) {
          const { bytesRead } = await handle.read(into, done, into.length - done, from + done);
          if (bytesRead === 0) throw changedError(name, 'is shorter than it was');
          done += bytesRead;
        }
      } finally {
        await handle.close();
      }
    } catch (error) {
      throw fileError(error, name);
    }
  }

  identity(): Promise<SourceIdentity> {
    this.known ??= this.content().then((content) => ({ ...this.place, content }));
    return this.known;
  }

  /** @throws MembranaError file.changed when the folder is gone, or a file that describes the others was written to */
  async assertUnchanged(): Promise<void> {
    await folderStats(this.path).catch((error: unknown) => {
      if (error instanceof MembranaError && error.code === 'file.not-found')
        throw changedError(this.name, 'was moved or deleted');
      throw error;
    });
    for (const { name, place } of this.files.slice(0, this.guarded)) {
      const now = await placeAt(join(this.path, name));
      const same =
        place === null
          ? now === null
          : now !== null && now.size === place.size && now.modified === place.modified;
      if (!same) throw changedError(`${this.name}/${name}`, 'was written to or taken away');
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private get place(): Place {
    const stamp = (of: (place: Place) => string): string =>
      numberOf(
        this.files
          .map(({ name, place }) => `${name} ${place === null ? '' : of(place)}`)
          .join('\n'),
      );
    return {
      device: this.folder.dev.toString(),
      inode: this.folder.ino.toString(),
      size: this.size,
      modified: stamp(({ inode, size, modified }) => `${inode} ${size} ${modified}`),
      changed: stamp(({ device, changed }) => `${device} ${changed}`),
    };
  }

  private async content(): Promise<string> {
    const digest = await contentDigest(this.size, (offset, length) => this.read(offset, length));
    return createHash('sha256').update(this.manifest).update(digest).digest('hex');
  }

  private async mustBe(expected: SourceIdentity): Promise<void> {
    if (this.size !== expected.size) throw changedError(this.name, 'has other files');
    if (samePlace(this.place, expected))
      this.known = Promise.resolve({ ...this.place, content: expected.content });
    else if ((await this.identity()).content !== expected.content)
      throw changedError(this.name, 'has other files');
  }
}
