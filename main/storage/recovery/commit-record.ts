import { join } from 'node:path';
import { z } from 'zod';
import { LayerElement, sameLayer, type LayerKey } from '#contract/entities';
import { LayerId, StackId } from '#contract/ids';
import { limits } from '#contract/limits';
import { TILE_PIXELS } from '#contract/tiles';
import { sealJson, unsealJson } from '../checksum';
import { fileNumber, LARGEST_NUMBER, parseFileNumber } from '../file-number';
import { readFileIfThere, type FileSystem } from '../file-system';
import type { Generation } from '../journal/journal-record';
import { limitOf } from '../journal/merge-records';

const count = z.int().nonnegative();
const fileCount = count.max(LARGEST_NUMBER);
const sequence = count.max(limits.sequence);
const crc = count.max(0xffff_ffff);

/**
 * A tile on the disk: CRC-32 of its chunk files (class and review state of a
 * layer of classes, the values of one of ids), its reviewed pixels, and the
 * sequence of the checkpoint that folded its last change (not known of older ones).
 */
const TileEntry = z.object({
  classes: crc.optional(),
  review: crc.optional(),
  values: crc.optional(),
  painted: count.max(TILE_PIXELS),
  confirmed: count.max(TILE_PIXELS),
  changed: count.optional(),
});
export type TileEntry = z.infer<typeof TileEntry>;

const tileKey = z.string().regex(/^\d{1,9}\/\d{1,9}\/\d{1,9}$/);

/** By "z/ty/tx". */
const Tiles = z
  .record(tileKey, TileEntry)
  .refine((tiles) => Object.keys(tiles).length <= limits.tiles, 'too many tiles');

/** What a checkpoint has of one layer. */
const CommittedLayer = z.object({
  stack: StackId,
  layer: LayerId,
  element: LayerElement,
  tiles: Tiles,
});
export type CommittedLayer = z.infer<typeof CommittedLayer>;

function hasChecksums({ element, tiles }: CommittedLayer): boolean {
  return Object.values(tiles).every(({ classes, review, values }) =>
    element === 'uint8' ? classes !== undefined && review !== undefined : values !== undefined,
  );
}

const head = {
  number: fileCount,
  sequence,
  /** The opening for writing that made it, and the sequence that it had found; 0 before format 3. */
  generation: fileCount.default(0),
  after: sequence.default(0),
};

/**
 * What the images of all layers hold once the edits up to `sequence` are folded
 * in: it names every layer, so that the journal may go by it. The record of a
 * checkpoint is written twice: as pending before its chunks, so that a chunk
 * caught half-way is known, and as commit after them.
 */
const AllLayers = z.object({
  ...head,
  layers: z
    .array(CommittedLayer.refine(hasChecksums, 'a chunk has no checksum'))
    .max(limits.entries)
    .refine(
      (all) => new Set(all.map(({ stack, layer }) => `${stack}/${layer}`)).size === all.length,
      'a layer comes twice',
    ),
});

/** Before format 4: the only layer that there was. */
const OneLayer = z
  .object({ ...head, stack: StackId, layer: LayerId, tiles: Tiles })
  .transform(({ stack, layer, tiles, ...rest }) => ({
    ...rest,
    layers: [{ stack, layer, element: 'uint8' as const, tiles }],
  }))
  .refine(({ layers }) => layers.every(hasChecksums), 'a chunk has no checksum');

const CommitRecord = z.union([AllLayers, OneLayer]);
export type CommitRecord = z.infer<typeof AllLayers>;

/** What a record has of a layer, by "z/ty/tx"; nothing of one that it does not name. */
export function committedTiles(
  record: CommitRecord | undefined | null,
  key: LayerKey,
): Readonly<Record<string, TileEntry>> {
  const found = record?.layers.find((one) => sameLayer(one, key));
  return found?.tiles ?? {};
}

/** Some 80 bytes a tile: room for 800,000 tiles. */
const LARGEST_COMMIT = 64 << 20;

export type CommitState = 'pending' | 'commit';

/** Named by generation too, so that two that both think they hold the project never write the same file. */
export function commitPath(
  journal: string,
  { number, generation }: Pick<CommitRecord, 'number' | 'generation'>,
  state: CommitState,
): string {
  return join(journal, `${state}-${fileNumber(number)}-g${fileNumber(generation)}.json`);
}

const recordName = /^(commit|pending)-(\d+)(?:-g(\d+))?\.json$/;

/** What the name of a checkpoint record says; null for any other file. */
export function parseCommitName(
  name: string,
): { readonly state: CommitState; readonly number: number; readonly generation: number } | null {
  const match = recordName.exec(name);
  if (!match) return null;
  const state = match[1] === 'commit' ? 'commit' : 'pending';
  const number = parseFileNumber(match[2]);
  const generation = match[3] === undefined ? 0 : parseFileNumber(match[3]);
  return number === null || generation === null ? null : { state, number, generation };
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

/** Leaves out what a generation recorded past the point where a later one took over. */
export function inHistory(records: CommitRecords, known: readonly Generation[]): CommitRecords {
  const all = [...known, ...records.commits, ...records.pending].filter(
    ({ generation }) => generation > 0,
  );
  const counts = ({ generation, sequence }: CommitRecord): boolean =>
    sequence <= limitOf(generation, all);
  return {
    ...records,
    commits: records.commits.filter(counts),
    pending: records.pending.filter(counts),
  };
}

/** Reads all checkpoint records of the journal folder. */
export async function readCommits(
  files: FileSystem,
  journal: string,
  known: readonly Generation[] = [],
): Promise<CommitRecords> {
  const commits: CommitRecord[] = [];
  const pending: CommitRecord[] = [];
  const damaged: string[] = [];
  let lastNumber = 0;
  for (const name of await files.list(journal)) {
    const parsed = parseCommitName(name);
    if (!parsed) continue;
    lastNumber = Math.max(lastNumber, parsed.number);
    const bytes = await readFileIfThere(files, join(journal, name), LARGEST_COMMIT);
    if (!bytes) continue;
    const record = CommitRecord.safeParse(unsealJson(new TextDecoder().decode(bytes)));
    if (!record.success) damaged.push(name);
    else (parsed.state === 'commit' ? commits : pending).push(record.data);
  }
  commits.sort((a, b) => b.generation - a.generation || b.number - a.number);
  return inHistory({ commits, pending, lastNumber, damaged }, known);
}
