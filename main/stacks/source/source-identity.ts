import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { z } from 'zod';

const nanoseconds = z.string().regex(/^-?\d+$/);

/** Which file is meant: where it lies on the disk and when it was written, and what is in it. */
export const SourceIdentity = z.object({
  device: nanoseconds,
  inode: nanoseconds,
  size: z.int().nonnegative(),
  modified: nanoseconds,
  /** When the system last touched its entry: a copy that sets the time back shows here. */
  changed: nanoseconds,
  /** As `contentDigest` says. */
  content: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SourceIdentity = z.infer<typeof SourceIdentity>;

/** A file that a request reads, and which file its sender means by that path. */
export const SourceReference = z.object({ path: z.string(), identity: SourceIdentity });
export type SourceReference = z.infer<typeof SourceReference>;

export type Place = Omit<SourceIdentity, 'content'>;

/** What the system says of a file without reading it. */
export function placeOf(stats: BigIntStats): Place {
  return {
    device: stats.dev.toString(),
    inode: stats.ino.toString(),
    size: Number(stats.size),
    modified: stats.mtimeNs.toString(),
    changed: stats.ctimeNs.toString(),
  };
}

/** The same file, untouched since; otherwise its content has the last word. */
export function samePlace(a: Place, b: Place): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.modified === b.modified &&
    a.changed === b.changed
  );
}

/** Files up to this size are read completely: a quarter of a second here. */
const WHOLE_BYTES = 128 * 2 ** 20;
const STEP_BYTES = 2 ** 20;
/** Of a larger file, so many parts at equal distances; those of a stack of 1,000 slices lie in all of them. */
const PARTS = 1024;
const PART_BYTES = 16 * 1024;

/**
 * SHA-256 of what is in a file of `size` bytes: all of it up to 128 MiB, of a
 * larger one its size and 1,024 parts of 16 KiB at equal distances, the first
 * and the last bytes among them. `read` gives the bytes at a place.
 */
export async function contentDigest(
  size: number,
  read: (offset: number, length: number) => Promise<Uint8Array>,
): Promise<string> {
  const hash = createHash('sha256').update(`${size}\n`);
  if (size <= WHOLE_BYTES) {
    for (let offset = 0; offset < size; offset += STEP_BYTES)
      hash.update(await read(offset, STEP_BYTES));
  } else {
    for (let part = 0; part < PARTS; part += 1) {
      const offset = Math.floor((part * (size - PART_BYTES)) / (PARTS - 1));
      hash.update(await read(offset, PART_BYTES));
    }
  }
  return hash.digest('hex');
}
