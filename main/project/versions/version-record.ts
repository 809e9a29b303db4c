import { z } from 'zod';
import { classList, LabelClass } from '#contract/entities';
import { LayerId, ModelId, StackId } from '#contract/ids';
import { limits } from '#contract/limits';
import { TILE_PIXELS } from '#contract/tiles';
import type { Version } from '#contract/version';
import { largestChunk } from '../../labels/label-image';
import { sealJson, unsealJson } from '../../storage/checksum';

const count = z.int().nonnegative();
const crc = count.max(0xffff_ffff);

/** Format of the files in versions/ that this program writes. */
const VERSION_FORMAT = 1;

/** Some 120 bytes a tile: room for 500,000 tiles. */
export const LARGEST_VERSION = 64 << 20;

/** Where the two chunks of a tile lie: pack file, offset of the first, bytes of each; and their CRC-32. */
const StoredTile = z.object({
  pack: count,
  at: count,
  classesBytes: count.max(largestChunk('uint8')),
  reviewBytes: count.max(largestChunk('uint8')),
  classes: crc,
  review: crc,
  painted: count.max(TILE_PIXELS),
  confirmed: count.max(TILE_PIXELS),
});
export type VersionTile = z.infer<typeof StoredTile>;

/** A named state of a layer as versions/000001.json holds it. It never changes once it is written. */
const VersionRecord = z.looseObject({
  format: z.literal(VERSION_FORMAT),
  number: z.int().positive(),
  name: z.string().min(1).max(120),
  /** ISO time. */
  created: z.string().max(limits.name),
  /** Of the last step that is in it. */
  sequence: count,
  stack: StackId,
  layer: LayerId,
  classes: classList(LabelClass),
  /** The model in use then; null = the default one. */
  model: ModelId.nullable(),
  /** By "z/ty/tx". */
  tiles: z
    .record(z.string().regex(/^\d{1,9}\/\d{1,9}\/\d{1,9}$/), StoredTile)
    .refine((tiles) => Object.keys(tiles).length <= limits.tiles, 'too many tiles'),
});
export type VersionRecord = z.infer<typeof VersionRecord>;

export function encodeVersion(record: Omit<VersionRecord, 'format'>): Uint8Array {
  return new TextEncoder().encode(`${sealJson({ format: VERSION_FORMAT, ...record }, 0)}\n`);
}

/** Null when the file is damaged or of a later format. */
export function parseVersion(bytes: Uint8Array): VersionRecord | null {
  const parsed = VersionRecord.safeParse(unsealJson(new TextDecoder().decode(bytes)));
  return parsed.success ? parsed.data : null;
}

/** What a list of versions shows. */
export function versionSummary({ number, name, created, model, tiles }: VersionRecord): Version {
  const all = Object.entries(tiles).filter(([, tile]) => tile.painted + tile.confirmed > 0);
  return {
    number,
    name,
    created,
    model,
    slices: new Set(all.map(([key]) => Number.parseInt(key, 10))).size,
    painted: all.reduce((sum, [, tile]) => sum + tile.painted, 0),
    confirmed: all.reduce((sum, [, tile]) => sum + tile.confirmed, 0),
  };
}
