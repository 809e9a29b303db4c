import { dirname } from 'node:path';
import { MembranaError } from '#contract/errors';

/** An open file; writes and reads may be short, as the operating system's are. */
export interface OpenFile {
  /** Bytes really written, from `bytes[offset…]` to `position`. */
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  read(bytes: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Contents and metadata are on the disk when it resolves. */
  sync(): Promise<void>;
  /** Contents and length are on the disk when it resolves. */
  datasync(): Promise<void>;
  /** Which file this is, whatever its name is now; compare with `FileStatus.identity`. */
  identity(): Promise<FileIdentity>;
  close(): Promise<void>;
}

/**
 * Tells a file from every other one as long as it exists or is open; null where
 * the file system does not say.
 */
export type FileIdentity = string | null;

/** What lies at a path itself; nothing is followed. `other` = a pipe, a socket or a device. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

export interface FileStatus {
  readonly kind: EntryKind;
  readonly bytes: number;
  readonly modifiedMs: number;
  /** Names that the file has (hard links). */
  readonly names: number;
  readonly identity: FileIdentity;
}

/** The part of a file system that a project needs; passed in, so that faults can be injected. */
export interface FileSystem {
  /** A plain file, or ('r') a folder, which can be flushed. @throws MembranaError file.not-plain for anything else */
  open(path: string, flags: 'r' | 'r+' | 'wx'): Promise<OpenFile>;
  /** All of a plain file of at most `mostBytes`. @throws MembranaError file.not-plain, file.too-large */
  readFile(path: string, mostBytes: number): Promise<Uint8Array<ArrayBuffer>>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes the folder and its parents; one that is there is fine. */
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Names, sorted; none for a folder that is not there. */
  list(path: string): Promise<string[]>;
  /** Null when nothing is there. */
  status(path: string): Promise<FileStatus | null>;
  /** The path with every link on the way resolved; the path itself where nothing is there. */
  realPath(path: string): Promise<string>;
  /** Bytes that we may still write there; null when the file system does not say. */
  freeBytes(path: string): Promise<number | null>;
}

/** The operating system's code of a failure: ENOENT, ENOSPC, …; '' for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The file's bytes, or null when there is no such file. @throws MembranaError file.not-plain, file.too-large */
export async function readFileIfThere(
  files: FileSystem,
  path: string,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await files.readFile(path, mostBytes);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

/**
 * The same for a file that can be made again or has a second copy: null also
 * where something else than a plain file of that size lies there.
 */
export async function readFileIfSound(
  files: FileSystem,
  path: string,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readFileIfThere(files, path, mostBytes);
  } catch (error) {
    // A link on the way there is another matter: everything behind it would seem lost.
    if (error instanceof MembranaError && error.data['wanted'] === 'plain file') return null;
    throw error;
  }
}

/** Removes a file; none there is fine. */
export async function unlinkIfThere(files: FileSystem, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Codes of file systems that cannot flush a folder; there a rename is as durable as it gets. */
const cannotFlushFolders = new Set(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EISDIR', 'EPERM', 'EACCES']);

/** Puts a folder's entries (creations, renames) on the disk. */
export async function flushFolder(files: FileSystem, folder: string): Promise<void> {
  try {
    const handle = await files.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!cannotFlushFolders.has(systemCode(error))) throw error;
  }
}

/** Writes all of `bytes` at `position`; a write of 0 bytes counts as a full disk. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    const written = await file.write(bytes, offset, bytes.length - offset, position + offset);
    if (written === 0) throw Object.assign(new Error('wrote 0 bytes'), { code: 'ENOSPC' });
    offset += written;
  }
}

/** Folders whose newest entry may not be on the disk: flushing them has failed so far. */
const unflushed = new WeakMap<FileSystem, Set<string>>();

/**
 * Makes a folder and the parents that are missing, each on the disk when it
 * resolves. After a failed flush the folder is there and may vanish with the
 * power, so the next call flushes it before it counts as made.
 */
export async function makeFolderDurably(files: FileSystem, folder: string): Promise<void> {
  const parent = dirname(folder);
  const waiting = unflushed.get(files) ?? new Set<string>();
  unflushed.set(files, waiting);
  if (await files.status(folder)) {
    if (!waiting.has(parent)) return;
  } else {
    await makeFolderDurably(files, parent);
    await files.makeFolder(folder);
    waiting.add(parent);
  }
  await flushFolder(files, parent);
  waiting.delete(parent);
}
