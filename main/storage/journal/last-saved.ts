import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { limits } from '#contract/limits';
import { writeFileAtomic } from '../atomic-file';
import { LARGEST_NUMBER } from '../file-number';
import { readFileIfSound, writeAll, type FileSystem, type OpenFile } from '../file-system';
import type { Generation } from './journal-record';

/*
 * last-saved.bin: two slots of 64 bytes, of which the valid one with the
 * higher turn counts: "MBSV", u32 CRC-32 of the rest, f64 turn, f64 generation,
 * f64 after, f64 acknowledged, f64 folded, zeros. One slot is left alone until
 * the other is flushed, so a power cut leaves one.
 */
const SLOT = 64;
const MAGIC = 0x5653424d;
const FLUSH_MS = 1000;
/** Far more than two slots: what else lies there is not read. */
const LARGEST = 4096;

/** How far a project was saved, told outside the journal, so that a lost journal is known to be lost. */
export interface LastSaved extends Generation {
  /** Last sequence that was reported saved. */
  readonly acknowledged: number;
  /** Last sequence that the label images hold. */
  readonly folded: number;
}

export function lastSavedPath(project: string): string {
  return join(project, 'last-saved.bin');
}

function encodeSlot(turn: number, saved: LastSaved): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SLOT);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  const numbers = [turn, saved.generation, saved.after, saved.acknowledged, saved.folded];
  for (const [n, number] of numbers.entries()) view.setFloat64(8 + 8 * n, number, true);
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

function decodeSlot(
  bytes: Uint8Array,
): { readonly turn: number; readonly saved: LastSaved } | null {
  if (bytes.length < SLOT) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, SLOT);
  if (view.getUint32(0, true) !== MAGIC) return null;
  if (view.getUint32(4, true) !== crc32(bytes.subarray(8, SLOT))) return null;
  const [turn = -1, generation = -1, after = -1, acknowledged = -1, folded = -1] = [
    0, 1, 2, 3, 4,
  ].map((n) => view.getFloat64(8 + 8 * n, true));
  const numbers = [turn, generation, after, acknowledged, folded];
  if (!numbers.every((number) => Number.isInteger(number) && number >= 0)) return null;
  if (generation > LARGEST_NUMBER || numbers.some((number) => number > limits.sequence))
    return null;
  return { turn, saved: { generation, after, acknowledged, folded } };
}

/** What the file says; null where it is missing or damaged. */
export async function readLastSaved(files: FileSystem, project: string): Promise<LastSaved | null> {
  const bytes = await readFileIfSound(files, lastSavedPath(project), LARGEST).catch(() => null);
  if (!bytes) return null;
  const slots = [decodeSlot(bytes.subarray(0, SLOT)), decodeSlot(bytes.subarray(SLOT, 2 * SLOT))];
  const newest = slots.reduce((a, b) => ((b?.turn ?? -1) > (a?.turn ?? -1) ? b : a), null);
  return newest?.saved ?? null;
}

/** Keeps last-saved.bin as long as the project is open for writing. */
export class LastSavedFile {
  private readonly path: string;
  private file: OpenFile | null = null;
  private turn = 0;
  /** The slot that may be written: the other one is on the disk. */
  private slot: 0 | 1 = 1;
  private flushedAt = -Infinity;
  private flushing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly files: FileSystem,
    project: string,
    private saved: LastSaved,
  ) {
    this.path = lastSavedPath(project);
  }

  /** Writes the file anew. @throws MembranaError disk.full, file.write-failed */
  static async create(
    files: FileSystem,
    project: string,
    saved: LastSaved,
  ): Promise<LastSavedFile> {
    const made = new LastSavedFile(files, project, saved);
    await made.renew();
    return made;
  }

  private async renew(): Promise<void> {
    const old = this.file;
    this.file = null;
    await old?.close().catch(() => undefined);
    this.turn += 1;
    const slot = encodeSlot(this.turn, this.saved);
    const bytes = Buffer.concat([slot, new Uint8Array(SLOT)]);
    await writeFileAtomic(this.path, bytes, { files: this.files, reserveBytes: 0 });
    this.slot = 1;
    this.file = await this.files.open(this.path, 'r+');
  }

  private async isInPlace(file: OpenFile): Promise<boolean> {
    const there = await this.files.status(this.path);
    return there !== null && there.identity === (await file.identity());
  }

  /**
   * Notes how far it is saved. What can't be noted now is noted with the next
   * step: the strokes themselves are in the journal already.
   */
  async note(change: Partial<Pick<LastSaved, 'acknowledged' | 'folded'>>): Promise<void> {
    this.saved = { ...this.saved, ...change };
    await this.flushing;
    try {
      const { file } = this;
      if (!file || !(await this.isInPlace(file))) {
        await this.renew();
        return;
      }
      this.turn += 1;
      await writeAll(file, encodeSlot(this.turn, this.saved), this.slot * SLOT);
      if (performance.now() - this.flushedAt > FLUSH_MS) this.flushing = this.flush(file);
    } catch {
      await this.leave();
    }
  }

  private async flush(file: OpenFile): Promise<void> {
    this.flushedAt = performance.now();
    try {
      await file.datasync();
      this.slot = this.slot === 0 ? 1 : 0;
    } catch {
      await this.leave();
    }
  }

  /** The file can't be trusted: the next note makes it anew. */
  private async leave(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.flushing;
    await this.file?.datasync().catch(() => undefined);
    await this.leave();
  }
}
