import { join } from 'node:path';
import { z } from 'zod';
import { StackId } from '#contract/ids';
import { limits } from '#contract/limits';
import { TILE_PIXELS } from '#contract/tiles';
import { sealJson, unsealJson } from './checksum';
import { readFileIfThere, type FileSystem } from './file-system';

const count = z.int().nonnegative();
const crc = count.max(0xffff_ffff);

/** A tile on the disk: CRC-32 of its two chunk files, its reviewed pixels, and the sequence of the checkpoint that folded its last change (not known of older ones). */
const TileEntry = z.object({
  classes: crc,
  review: crc,
  painted: count.max(TILE_PIXELS),
  confirmed: count.max(TILE_PIXELS),
  changed: count.optional(),
});
export type TileEntry = z.infer<typeof TileEntry>;

const tileKey = z.string().regex(/^\d{1,9}\/\d{1,9}\/\d{1,9}$/);

/**
 * What the label images hold once the patches up to `sequence` are folded in.
 * The record of a checkpoint is written twice: as pending before its chunks,
 * so that a chunk caught half-way is known, and as commit after them.
 */
export const CommitRecord = z.object({
  number: count,
  sequence: count,
  stack: StackId,
  layer: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  /** By "z/ty/tx". */
  tiles: z
    .record(tileKey, TileEntry)
    .refine((tiles) => Object.keys(tiles).length <= limits.tiles, 'too many tiles'),
});
export type CommitRecord = z.infer<typeof CommitRecord>;

/** Some 80 bytes a tile: room for 800,000 tiles. */
const LARGEST_COMMIT = 64 << 20;

export type CommitState = 'pending' | 'commit';

export function commitPath(journal: string, number: number, state: CommitState): string {
  return join(journal, `${state}-${String(number).padStart(6, '0')}.json`);
}

export function encodeCommit(record: CommitRecord): Uint8Array {
  return new TextEncoder().encode(sealJson(record, 0));
}

export interface CommitRecords {
  /** Finished checkpoints, newest first; damaged ones are left out. */
  readonly commits: readonly CommitRecord[];
  /** Checkpoints that were begun and not finished. */
  readonly pending: readonly CommitRecord[];
  /** Highest number ever used, damaged ones included. */
  readonly lastNumber: number;
  /** Names of records that could not be read. */
  readonly damaged: readonly string[];
}

/** Reads all checkpoint records of the journal folder. */
export async function readCommits(files: FileSystem, journal: string): Promise<CommitRecords> {
  const commits: CommitRecord[] = [];
  const pending: CommitRecord[] = [];
  const damaged: string[] = [];
  let lastNumber = 0;
  for (const name of await files.list(journal)) {
    const match = /^(commit|pending)-(\d{6,9})\.json$/.exec(name);
    if (!match) continue;
    lastNumber = Math.max(lastNumber, Number(match[2]));
    const bytes = await readFileIfThere(files, join(journal, name), LARGEST_COMMIT);
    if (!bytes) continue;
    const record = CommitRecord.safeParse(unsealJson(new TextDecoder().decode(bytes)));
    if (!record.success) damaged.push(name);
    else (match[1] === 'commit' ? commits : pending).push(record.data);
  }
  commits.sort((a, b) => b.number - a.number);
  return { commits, pending, lastNumber, damaged };
}
