import type { BigIntStats } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';

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

export interface FileStatus {
  readonly kind: 'file' | 'folder' | 'other';
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly identity: FileIdentity;
}

/** The part of a file system that a project needs; passed in, so that faults can be injected. */
export interface FileSystem {
  open(path: string, flags: 'r' | 'r+' | 'wx'): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array<ArrayBuffer>>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** Makes the folder and its parents; one that is there is fine. */
  makeFolder(path: string): Promise<void>;
  removeFolder(path: string): Promise<void>;
  /** Names, sorted; none for a folder that is not there. */
  list(path: string): Promise<string[]>;
  /** Null when nothing is there. */
  status(path: string): Promise<FileStatus | null>;
  /** Bytes that we may still write there; null when the file system does not say. */
  freeBytes(path: string): Promise<number | null>;
}

/** The operating system's code of a failure: ENOENT, ENOSPC, …; '' for anything else. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Device and file number. Birth times are left out: where there are none, systems report a time that changes. */
function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return ino === 0n ? null : `${String(dev)}:${String(ino)}`;
}

export const nodeFileSystem: FileSystem = {
  async open(path, flags) {
    const handle = await fs.open(path, flags);
    return {
      write: async (bytes, offset, length, position) =>
        (await handle.write(bytes, offset, length, position)).bytesWritten,
      read: async (bytes, offset, length, position) =>
        (await handle.read(bytes, offset, length, position)).bytesRead,
      truncate: (length) => handle.truncate(length),
      sync: () => handle.sync(),
      datasync: () => handle.datasync(),
      identity: async () => identityOf(await handle.stat({ bigint: true })),
      close: () => handle.close(),
    };
  },
  async readFile(path) {
    // A plain view, since `slice` of a Buffer would not copy.
    const { buffer, byteOffset, byteLength } = await fs.readFile(path);
    return new Uint8Array(buffer, byteOffset, byteLength);
  },
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  makeFolder: async (path) => {
    await fs.mkdir(path, { recursive: true });
  },
  removeFolder: (path) => fs.rm(path, { recursive: true, force: true }),
  async list(path) {
    try {
      return (await fs.readdir(path)).sort();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    }
  },
  async status(path) {
    try {
      const stat = await fs.stat(path, { bigint: true });
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : 'other';
      const modifiedMs = Number(stat.mtimeNs) / 1e6;
      return { kind, bytes: Number(stat.size), modifiedMs, identity: identityOf(stat) };
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
      throw error;
    }
  },
  async freeBytes(path) {
    try {
      const { bavail, bsize, blocks } = await fs.statfs(path);
      return blocks === 0 ? null : bavail * bsize;
    } catch {
      return null;
    }
  },
};

/** The file's bytes, or null when there is no such file. */
export async function readFileIfThere(
  files: FileSystem,
  path: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await files.readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
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
