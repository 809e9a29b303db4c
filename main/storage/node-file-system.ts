import { constants, type BigIntStats, type StatsBase } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename } from 'node:path';
import { notAPlainFile, tooLarge } from './entry-errors';
import {
  systemCode,
  type EntryKind,
  type FileIdentity,
  type FileStatus,
  type FileSystem,
  type OpenFile,
} from './file-system';

/** No link at the end of the path is followed, no pipe waited for. Windows has neither flag: there the look before must do. */
const careful = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
const accessBits = {
  r: constants.O_RDONLY,
  'r+': constants.O_RDWR,
  wx: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
} as const;

/** Device and file number. Birth times are left out: where there are none, systems report a time that changes. */
function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return ino === 0n ? null : `${String(dev)}:${String(ino)}`;
}

function kindOf(stats: StatsBase<number> | StatsBase<bigint>): EntryKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

async function lookAt(path: string): Promise<FileStatus | null> {
  try {
    const stats = await fs.lstat(path, { bigint: true });
    return {
      kind: kindOf(stats),
      bytes: Number(stats.size),
      modifiedMs: Number(stats.mtimeNs) / 1e6,
      names: Number(stats.nlink),
      identity: identityOf(stats),
    };
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function openFile(handle: fs.FileHandle): OpenFile {
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
}

/** A folder can be flushed and nothing else. */
async function openFolder(path: string): Promise<OpenFile> {
  const handle = await fs.open(path, constants.O_RDONLY);
  return {
    ...openFile(handle),
    read: () => Promise.reject(notAPlainFile(basename(path), 'folder')),
  };
}

/** Opens what is a plain file before and after the opening, so that nothing that is swapped in between counts. */
async function openPlain(path: string, flags: 'r' | 'r+'): Promise<fs.FileHandle> {
  const name = basename(path);
  const before = await lookAt(path);
  if (before && before.kind !== 'file') throw notAPlainFile(name, before.kind);
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(path, accessBits[flags] | careful);
  } catch (error) {
    throw systemCode(error) === 'ELOOP' ? notAPlainFile(name, 'link') : error;
  }
  const stats = await handle.stat();
  const shared = flags === 'r+' && stats.nlink > 1;
  if (stats.isFile() && !shared) return handle;
  await handle.close();
  throw notAPlainFile(name, shared ? 'shared' : kindOf(stats));
}

/** The disk of this machine. */
export const nodeFileSystem: FileSystem = {
  async open(path, flags) {
    if (flags === 'wx') return openFile(await fs.open(path, accessBits.wx | careful));
    if (flags === 'r' && (await fs.stat(path)).isDirectory()) return openFolder(path);
    return openFile(await openPlain(path, flags));
  },
  async readFile(path, mostBytes) {
    const handle = await openPlain(path, 'r');
    try {
      const { size } = await handle.stat();
      if (size > mostBytes) throw tooLarge(basename(path), size, mostBytes);
      const bytes = new Uint8Array(size);
      let filled = 0;
      while (filled < size) {
        const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return filled < size ? bytes.slice(0, filled) : bytes;
    } finally {
      await handle.close();
    }
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
  status: lookAt,
  async realPath(path) {
    try {
      return await fs.realpath(path);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return path;
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
