import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { flushFolder, systemCode, unlinkIfThere, writeAll, type FileSystem } from './file-system';
import { nodeFileSystem } from './node-file-system';
import { diskFull, writeFailure } from './write-errors';

/** Space left alone by writes that may wait, so that the journal can go on. */
const RESERVE_BYTES = 64 << 20;
/** Virus scanners and indexers hold files open for a moment on Windows. */
const RENAME_RETRY_MS = process.platform === 'win32' ? 2000 : 0;
const heldOpen = new Set(['EPERM', 'EACCES', 'EBUSY']);

export interface AtomicWriteOptions {
  readonly files?: FileSystem;
  /** Bytes to leave free besides twice the payload; 0 for what safety itself depends on. */
  readonly reserveBytes?: number;
}

export async function renameWithPatience(
  files: FileSystem,
  from: string,
  to: string,
): Promise<void> {
  const giveUp = Date.now() + RENAME_RETRY_MS;
  for (;;) {
    try {
      await files.rename(from, to);
      return;
    } catch (error) {
      if (!heldOpen.has(systemCode(error)) || Date.now() >= giveUp) throw error;
      await sleep(50);
    }
  }
}

/** Throws `disk.full` when fewer than `bytes` are free in the folder. */
export async function needFreeSpace(
  files: FileSystem,
  folder: string,
  bytes: number,
  name: string,
): Promise<void> {
  const free = await files.freeBytes(folder);
  if (free !== null && free < bytes) throw diskFull(name);
}

async function writeFlushed(files: FileSystem, path: string, bytes: Uint8Array): Promise<boolean> {
  const handle = await files.open(path, 'wx');
  try {
    await writeAll(handle, bytes, 0);
    try {
      await handle.sync();
      return true;
    } catch {
      return false;
    }
  } finally {
    await handle.close();
  }
}

/**
 * Replaces the file at `path` with `bytes`: after it the file is the new one,
 * after a failure or a crash it is the old one or the new one, never a mix.
 * A failed flush says nothing about what reached the disk, so the bytes are
 * written to another file once more instead of being flushed again.
 *
 * @throws MembranaError disk.full, file.write-failed
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const { files = nodeFileSystem, reserveBytes = RESERVE_BYTES } = options;
  const folder = dirname(path);
  const temporary = (): string =>
    join(folder, `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  let written = temporary();
  try {
    if (reserveBytes > 0)
      await needFreeSpace(files, folder, 2 * bytes.length + reserveBytes, basename(path));
    if (!(await writeFlushed(files, written, bytes))) {
      await unlinkIfThere(files, written);
      written = temporary();
      if (!(await writeFlushed(files, written, bytes))) throw new Error('it could not be flushed');
    }
    await renameWithPatience(files, written, path);
    await flushFolder(files, folder);
  } catch (error) {
    await unlinkIfThere(files, written).catch(() => undefined);
    throw writeFailure(path, error);
  }
}
