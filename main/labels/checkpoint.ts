import { dirname, join } from 'node:path';
import type { StackId } from '#contract/ids';
import { TILE_PIXELS } from '#contract/tiles';
import {
  chunkPath,
  decodeChunk,
  encodeChunk,
  imageFolder,
  LARGEST_CHUNK,
  planeOf,
  planes,
  type Plane,
} from './label-image';
import { countLabels } from './label-tiles';
import { writeFileAtomic } from '../storage/atomic-file';
import { checksum } from '../storage/checksum';
import {
  commitPath,
  encodeCommit,
  parseCommitName,
  type CommitRecord,
  type CommitRecords,
  type TileEntry,
} from '../storage/recovery/commit-record';
import { LARGEST_NUMBER } from '../storage/file-number';
import {
  flushFolder,
  makeFolderDurably,
  readFileIfSound,
  systemCode,
  unlinkIfThere,
  type FileSystem,
} from '../storage/file-system';
import type { Generation } from '../storage/journal/journal-record';
import { journalFolder } from '../storage/journal/journal-segment';

/** Chunks and records are what safety depends on, so they may use the last free bytes. */
const lastBytes = { reserveBytes: 0 } as const;

export interface LayerPlace {
  readonly files: FileSystem;
  readonly project: string;
  readonly stack: StackId;
  readonly layer: string;
}

/** The chunk of a plane in the label image. */
export function currentChunk(place: LayerPlace, tile: string, plane: Plane): string {
  return chunkPath(imageFolder(place.project, place.stack, place.layer, plane), tile);
}

/** The chunk as the checkpoint before the last one left it. */
export function previousChunk(place: LayerPlace, tile: string, plane: Plane): string {
  const [z = '', ty = '', tx = ''] = tile.split('/');
  const folder = join(journalFolder(place.project), 'chunks', place.stack, place.layer, z);
  return join(folder, `${ty}.${tx}.${plane}`);
}

interface EncodedTile {
  readonly chunks: Readonly<Record<Plane, Uint8Array>>;
  readonly entry: TileEntry;
}

async function encodeTile(labels: Uint8Array): Promise<EncodedTile> {
  const [classes, review] = await Promise.all([
    encodeChunk(planeOf(labels, 'classes')),
    encodeChunk(planeOf(labels, 'review')),
  ]);
  return {
    chunks: { classes, review },
    entry: { classes: checksum(classes), review: checksum(review), ...countLabels(labels) },
  };
}

async function put(place: LayerPlace, path: string, bytes: Uint8Array): Promise<void> {
  await makeFolderDurably(place.files, dirname(path));
  await writeFileAtomic(path, bytes, { files: place.files, ...lastBytes });
}

/** Keeps the chunk as the previous generation before another takes its place; false when it is not what the record says. */
async function keepPrevious(place: LayerPlace, tile: string, entry: TileEntry): Promise<boolean> {
  let known = true;
  for (const plane of planes) {
    const bytes = await readFileIfSound(
      place.files,
      currentChunk(place, tile, plane),
      LARGEST_CHUNK,
    );
    if (bytes && checksum(bytes) === entry[plane])
      await put(place, previousChunk(place, tile, plane), bytes);
    else known = false;
  }
  return known;
}

function differs(a: TileEntry, b: TileEntry | undefined): boolean {
  return !b || planes.some((plane) => a[plane] !== b[plane]);
}

/** Changed tiles, as of `sequence`. */
export interface ChangedTiles {
  readonly tiles: ReadonlyMap<string, Uint8Array>;
  readonly sequence: number;
  /** Tiles one copy of which was found damaged: both copies are written again. */
  readonly repaired: ReadonlySet<string>;
  /** The opening for writing that folds them. */
  readonly generation: Generation;
}

export interface Checkpoint {
  readonly records: CommitRecords;
  /** Tiles that are not on the disk as the record before says: someone else wrote there, or damage. */
  readonly foreign: ReadonlySet<string>;
}

/**
 * Folds changed tiles into the label images. Order: the pending record with
 * the checksums to come, the previous generation of what changes (and of what
 * changed last time), the chunks, the commit record. At every moment each tile
 * has an intact copy that is known by its checksum, at most two checkpoints
 * old, and the journal still holds what came after that copy.
 *
 * @throws MembranaError disk.full, file.write-failed; the checkpoint before stays valid
 */
export async function writeCheckpoint(
  place: LayerPlace,
  records: CommitRecords,
  { tiles, sequence, repaired, generation }: ChangedTiles,
): Promise<Checkpoint> {
  const { files } = place;
  const journal = journalFolder(place.project);
  const [newest, older] = records.commits;
  const encoded = new Map<string, EncodedTile>();
  for (const [key, labels] of tiles) encoded.set(key, await encodeTile(labels));
  const entries = { ...newest?.tiles };
  for (const [key, { entry }] of encoded) entries[key] = { ...entry, changed: sequence };
  // Generations come first in the order of records, so that an opening may begin again at 1.
  const number = records.lastNumber < LARGEST_NUMBER ? records.lastNumber + 1 : 1;
  const { stack, layer } = place;
  const record: CommitRecord = { number, sequence, ...generation, stack, layer, tiles: entries };
  const pendingPath = commitPath(journal, record, 'pending');
  const foreign = new Set<string>();
  await writeFileAtomic(pendingPath, encodeCommit(record), { files, ...lastBytes });
  for (const [key, entry] of Object.entries(newest?.tiles ?? {}))
    if (encoded.has(key) || differs(entry, older?.tiles[key])) {
      const known = await keepPrevious(place, key, entry);
      if (!known && !encoded.has(key)) foreign.add(key);
    }
  for (const [key, { chunks }] of encoded)
    for (const plane of planes) await put(place, currentChunk(place, key, plane), chunks[plane]);
  for (const [key, { chunks }] of encoded)
    if (repaired.has(key))
      for (const plane of planes) await put(place, previousChunk(place, key, plane), chunks[plane]);
  await files.rename(pendingPath, commitPath(journal, record, 'commit'));
  await flushFolder(files, journal);
  const commits = [record, ...(newest ? [newest] : [])];
  await removeOldRecords(files, journal, generation, commits);
  return { records: { commits, pending: [], lastNumber: number, damaged: [] }, foreign };
}

/** Those of a later generation are not ours to judge. */
async function removeOldRecords(
  files: FileSystem,
  journal: string,
  { generation }: Generation,
  keep: readonly CommitRecord[],
): Promise<void> {
  for (const name of await files.list(journal)) {
    const found = parseCommitName(name);
    if (!found || found.generation > generation) continue;
    const kept = keep.some(
      (one) => one.number === found.number && one.generation === found.generation,
    );
    if (found.state === 'commit' && kept) continue;
    await unlinkIfThere(files, join(journal, name));
  }
}

/** A plane of a tile from the disk, and up to which sequence it holds the patches. */
interface FoundPlane {
  readonly pixels: Uint8Array;
  readonly sequence: number;
  readonly copy: 'current' | 'previous';
}

async function findPlane(
  place: LayerPlace,
  records: readonly CommitRecord[],
  tile: string,
  plane: Plane,
): Promise<FoundPlane | null> {
  let best: FoundPlane | null = null;
  for (const copy of ['current', 'previous'] as const) {
    const path = (copy === 'current' ? currentChunk : previousChunk)(place, tile, plane);
    const bytes = await readChunk(place.files, path);
    if (!bytes) continue;
    const crc = checksum(bytes);
    const known = records.filter((record) => record.tiles[tile]?.[plane] === crc);
    const sequence = Math.max(...known.map((record) => record.sequence));
    if (known.length === 0 || (best && best.sequence >= sequence)) continue;
    const pixels = await decodeChunk(bytes);
    if (pixels) best = { pixels, sequence, copy };
    if (best && sequence >= (records[0]?.sequence ?? 0)) return best;
  }
  return best;
}

/** A chunk that can't be read (a bad sector, a link in its place) is a chunk that is lost, not a reason to stop. */
async function readChunk(files: FileSystem, path: string): Promise<Uint8Array | null> {
  try {
    return await readFileIfSound(files, path, LARGEST_CHUNK);
  } catch (error) {
    if (systemCode(error) === 'EIO') return null;
    throw error;
  }
}

/** The chunk with that checksum, in the label image or as the generation before; null when neither is. */
export async function readKnownChunk(
  place: LayerPlace,
  tile: string,
  plane: Plane,
  crc: number,
): Promise<Uint8Array | null> {
  for (const path of [currentChunk(place, tile, plane), previousChunk(place, tile, plane)]) {
    const bytes = await readChunk(place.files, path);
    if (bytes && checksum(bytes) === crc) return bytes;
  }
  return null;
}

export interface StoredTile {
  readonly classes: Uint8Array | null;
  readonly review: Uint8Array | null;
  /** The patches after this sequence are still to be applied; −1 when a plane is lost. */
  readonly sequence: number;
  /** The chunks in the label images are not what was used: they are damaged or too old. */
  readonly damaged: boolean;
}

/**
 * The best intact copy of a tile: its chunks where their checksums are known,
 * else the previous generation. Null for a tile that no checkpoint wrote.
 */
export async function readStoredTile(
  place: LayerPlace,
  records: CommitRecords,
  tile: string,
): Promise<StoredTile | null> {
  const known = [...records.pending, ...records.commits].sort((a, b) => b.sequence - a.sequence);
  if (!known.some((record) => record.tiles[tile])) return null;
  const classes = await findPlane(place, known, tile, 'classes');
  const review = await findPlane(place, known, tile, 'review');
  const isNew = !records.commits.some((record) => record.tiles[tile]);
  if (isNew && records.damaged.length === 0) {
    // Only a checkpoint that was cut short knows it: what it had not written yet was blank before.
    const before = records.commits[0]?.sequence ?? 0;
    const whole = classes && review ? Math.min(classes.sequence, review.sequence) : before;
    const blank = new Uint8Array(TILE_PIXELS);
    return {
      classes: classes?.pixels ?? blank,
      review: review?.pixels ?? blank,
      sequence: whole,
      damaged: false,
    };
  }
  return {
    classes: classes?.pixels ?? null,
    review: review?.pixels ?? null,
    sequence: Math.min(classes?.sequence ?? -1, review?.sequence ?? -1),
    damaged: classes?.copy !== 'current' || review?.copy !== 'current',
  };
}
