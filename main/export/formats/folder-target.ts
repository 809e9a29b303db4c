import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { isAbort, MembranaError } from '#contract/errors';
import { renameWithPatience } from '../../storage/atomic-file';
import { flushFolder, writeAll, type FileSystem, type OpenFile } from '../../storage/file-system';
import { nodeFileSystem } from '../../storage/node-file-system';
import { writeFailure } from '../../storage/write-errors';

/** Says in a folder that it was exported from here, so that the next export may take its place. */
const OURS = '.membrana-export';

/** Files that wait for the disk at the same time. */
const FILES_AT_ONCE = 16;

function notOurs(name: string): MembranaError {
  return new MembranaError(
    'export.folder-exists',
    `${name} is there already, and it is not an export of Membrana.`,
    {
      hint: 'Choose another name: nothing in a folder that something else made is replaced.',
      safe: 'Nothing was written.',
      data: { file: name },
    },
  );
}

/** What lies at the target: nothing, or a folder that may be replaced. @throws MembranaError export.folder-exists */
async function replaceable(files: FileSystem, path: string): Promise<boolean> {
  const there = await files.status(path);
  if (there === null) return false;
  if (there.kind !== 'folder') throw notOurs(basename(path));
  const names = await files.list(path);
  if (names.length > 0 && !names.includes(OURS)) throw notOurs(basename(path));
  return true;
}

/**
 * A folder that is written beside its target and takes its place when it is
 * complete. Every file in it is on the disk by then.
 */
export class FolderTarget {
  private state: 'open' | 'finished' | 'given-up' = 'open';
  private readonly made = new Map<string, Promise<void>>();
  private readonly handles = new Set<OpenFile>();
  private written = 0;

  private constructor(
    private readonly path: string,
    private readonly temporary: string,
    private readonly files: FileSystem,
  ) {}

  /** @throws MembranaError export.folder-exists, disk.full, file.write-failed */
  static async create(path: string, files: FileSystem = nodeFileSystem): Promise<FolderTarget> {
    try {
      await replaceable(files, path);
      const name = `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`;
      const target = new FolderTarget(path, join(dirname(path), name), files);
      await target.guarded(() => target.write(OURS, new TextEncoder().encode('1\n')));
      return target;
    } catch (error) {
      throw writeFailure(path, error);
    }
  }

  /** Writes a whole file; `name` is relative, `/` between parts. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const file = await this.open(name);
    await writeAll(file, bytes, 0);
    await this.close(file, bytes.byteLength);
  }

  /** Writes whole files, a few at a time; nothing is being written any more when it fails. */
  async writeAll(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<void> {
    for (let at = 0; at < files.length; at += FILES_AT_ONCE) {
      const some = files.slice(at, at + FILES_AT_ONCE);
      const writing = some.map(([name, bytes]) => this.write(name, bytes));
      await Promise.allSettled(writing);
      await Promise.all(writing);
    }
  }

  /** Starts a file that is written in parts; `close` it. */
  async open(name: string): Promise<OpenFile> {
    const parts = name.split('/');
    await this.folder(join(this.temporary, ...parts.slice(0, -1)));
    const file = await this.files.open(join(this.temporary, ...parts), 'wx');
    this.handles.add(file);
    return file;
  }

  /** Ends a file of so many bytes. */
  async close(file: OpenFile, bytes: number): Promise<void> {
    await file.sync();
    this.handles.delete(file);
    await file.close();
    this.written += bytes;
  }

  /** Puts the folder in place of what was there. @returns its size in bytes */
  async finish(): Promise<number> {
    for (const folder of this.folders()) await flushFolder(this.files, folder);
    const there = await replaceable(this.files, this.path);
    const old = `${this.temporary}.old`;
    if (there) await renameWithPatience(this.files, this.path, old);
    try {
      await renameWithPatience(this.files, this.temporary, this.path);
    } catch (error) {
      if (there) await renameWithPatience(this.files, old, this.path);
      throw error;
    }
    this.state = 'finished';
    await flushFolder(this.files, dirname(this.path));
    if (there) await this.files.removeFolder(old);
    return this.written;
  }

  async abort(): Promise<void> {
    if (this.state !== 'open') return;
    this.state = 'given-up';
    for (const file of this.handles) await file.close().catch(() => undefined);
    await this.files.removeFolder(this.temporary).catch(() => undefined);
  }

  /** Runs a part of the writing; a failure removes everything. @throws MembranaError disk.full, file.write-failed; AbortError */
  async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.state !== 'open') throw new Error('the folder is closed');
    try {
      return await work();
    } catch (error) {
      await this.abort();
      throw isAbort(error) ? error : writeFailure(this.path, error);
    }
  }

  /** All folders that were made, those on the way to others too. */
  private folders(): ReadonlySet<string> {
    const all = new Set([this.temporary]);
    for (const folder of this.made.keys())
      for (let path = folder; path.length > this.temporary.length; path = dirname(path))
        all.add(path);
    return all;
  }

  private folder(path: string): Promise<void> {
    const known = this.made.get(path);
    if (known !== undefined) return known;
    const making = this.files.makeFolder(path);
    this.made.set(path, making);
    return making;
  }
}
