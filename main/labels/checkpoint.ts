import { dirname, join } from 'node:path';
import type { LayerElement, LayerKey } from '#contract/entities';
import { sameLayer } from '#contract/entities';
import type { VoxelArray } from '#volume/voxel-edit';
import {
  chunkPath,
  encodeChunk,
  imageFolder,
  largestChunk,
  planeOf,
  planesOf,
} from './label-image';
import type { Plane } from './label-image';
import { countLabels } from './label-tiles';
import { writeFileAtomic } from '../storage/atomic-file';
import { checksum } from '../storage/checksum';
import {
  commitPath,
  committedTiles,
  encodeCommit,
  parseCommitName,
  type CommitRecord,
  type CommitRecords,
  type CommittedLayer,
  type TileEntry,
} from '../storage/recovery/commit-record';
import { LARGEST_NUMBER } from '../storage/file-number';
import {
  flushFolder,
  makeFolderDurably,
  readFileIfSound,
  unlinkIfThere,
  type FileSystem,
} from '../storage/file-system';
import type { Generation } from '../storage/journal/journal-record';
import { journalFolder } from '../storage/journal/journal-segment';

/** Chunks and records are what safety depends on, so they may use the last free bytes. */
const lastBytes = { reserveBytes: 0 } as const;

/** A project folder on a disk. */
export interface ProjectPlace {
  readonly files: FileSystem;
  readonly project: string;
}

/** Where a layer of a project lies, and what its voxels are. */
export interface LayerPlace extends ProjectPlace, LayerKey {
  readonly element: LayerElement;
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
  readonly chunks: ReadonlyMap<Plane, Uint8Array>;
  readonly entry: TileEntry;
}

async function encodeTile(element: LayerElement, voxels: VoxelArray): Promise<EncodedTile> {
  const chunks = new Map(
    await Promise.all(
      planesOf(element).map(
        async (plane) => [plane, await encodeChunk(planeOf(voxels, plane))] as const,
      ),
    ),
  );
  const checksums = Object.fromEntries(
    [...chunks].map(([plane, bytes]) => [plane, checksum(bytes)]),
  );
  return { chunks, entry: { ...checksums, ...countLabels(voxels) } };
}

async function put(place: ProjectPlace, path: string, bytes: Uint8Array): Promise<void> {
  await makeFolderDurably(place.files, dirname(path));
  await writeFileAtomic(path, bytes, { files: place.files, ...lastBytes });
}

/** Keeps the chunk as the previous generation before another takes its place; false when it is not what the record says. */
async function keepPrevious(place: LayerPlace, tile: string, entry: TileEntry): Promise<boolean> {
  let known = true;
  for (const plane of planesOf(place.element)) {
    const path = currentChunk(place, tile, plane);
    const bytes = await readFileIfSound(place.files, path, largestChunk(place.element));
    if (bytes && checksum(bytes) === entry[plane])
      await put(place, previousChunk(place, tile, plane), bytes);
    else known = false;
  }
  return known;
}

function differs(element: LayerElement, a: TileEntry, b: TileEntry | undefined): boolean {
  return !b || planesOf(element).some((plane) => a[plane] !== b[plane]);
}

/** The changed tiles of a layer, by "z/ty/tx". */
export interface ChangedLayer extends LayerKey {
  readonly element: LayerElement;
  readonly tiles: ReadonlyMap<string, VoxelArray>;
  /** Tiles one copy of which was found damaged: both copies are written again. */
  readonly repaired: ReadonlySet<string>;
}

/** What changed in all layers, as of `sequence`. */
export interface Changed {
  readonly layers: readonly ChangedLayer[];
  readonly sequence: number;
  /** The opening for writing that folds them. */
  readonly generation: Generation;
}

export interface Checkpoint {
  readonly records: CommitRecords;
  /** Tiles that are not on the disk as the record before says: someone else wrote there, or damage. */
  readonly foreign: readonly (LayerKey & { readonly tile: string })[];
}

/** A layer at a checkpoint: what the record before has of it, and what changes. */
interface FoldedLayer {
  readonly place: LayerPlace;
  readonly encoded: ReadonlyMap<string, EncodedTile>;
  readonly repaired: ReadonlySet<string>;
  readonly before: Readonly<Record<string, TileEntry>>;
  readonly earlier: Readonly<Record<string, TileEntry>>;
}

async function foldedLayers(
  where: ProjectPlace,
  [newest, older]: readonly CommitRecord[],
  layers: readonly ChangedLayer[],
): Promise<FoldedLayer[]> {
  const rest = (newest?.layers ?? []).filter(
    (known) => !layers.some((changed) => sameLayer(known, changed)),
  );
  const nothing = { tiles: new Map<string, VoxelArray>(), repaired: new Set<string>() };
  const all: ChangedLayer[] = [
    ...rest.map(({ stack, layer, element }) => ({ stack, layer, element, ...nothing })),
    ...layers,
  ];
  const folded: FoldedLayer[] = [];
  for (const { stack, layer, element, tiles, repaired } of all) {
    const place = { ...where, stack, layer, element };
    const encoded = new Map<string, EncodedTile>();
    for (const [key, voxels] of tiles) encoded.set(key, await encodeTile(element, voxels));
    const before = committedTiles(newest, place);
    folded.push({ place, encoded, repaired, before, earlier: committedTiles(older, place) });
  }
  return folded;
}

function committed(
  { place: { stack, layer, element }, before, encoded }: FoldedLayer,
  sequence: number,
): CommittedLayer {
  const tiles = { ...before };
  for (const [key, { entry }] of encoded) tiles[key] = { ...entry, changed: sequence };
  return { stack, layer, element, tiles };
}

/**
 * Folds changed tiles of all layers into their images, as one. Order: the
 * pending record with the checksums to come, the previous generation of what
 * changes (and of what changed last time), the chunks, the commit record. At
 * every moment each tile has an intact copy that is known by its checksum, at
 * most two checkpoints old, and the journal still holds what came after that copy.
 *
 * @throws MembranaError disk.full, file.write-failed; the checkpoint before stays valid
 */
export async function writeCheckpoint(
  where: ProjectPlace,
  records: CommitRecords,
  { layers, sequence, generation }: Changed,
): Promise<Checkpoint> {
  const { files } = where;
  const journal = journalFolder(where.project);
  const folded = await foldedLayers(where, records.commits, layers);
  // Generations come first in the order of records, so that an opening may begin again at 1.
  const number = records.lastNumber < LARGEST_NUMBER ? records.lastNumber + 1 : 1;
  const record: CommitRecord = {
    ...{ number, sequence, ...generation },
    layers: folded.map((one) => committed(one, sequence)),
  };
  const pendingPath = commitPath(journal, record, 'pending');
  await writeFileAtomic(pendingPath, encodeCommit(record), { files, ...lastBytes });
  const foreign: (LayerKey & { tile: string })[] = [];
  for (const { place, encoded, before, earlier } of folded)
    for (const [tile, entry] of Object.entries(before))
      if (encoded.has(tile) || differs(place.element, entry, earlier[tile])) {
        const known = await keepPrevious(place, tile, entry);
        const { stack, layer } = place;
        if (!known && !encoded.has(tile)) foreign.push({ stack, layer, tile });
      }
  for (const { place, encoded } of folded)
    for (const [tile, { chunks }] of encoded)
      for (const [plane, bytes] of chunks)
        await put(place, currentChunk(place, tile, plane), bytes);
  for (const { place, encoded, repaired } of folded)
    for (const [tile, { chunks }] of encoded)
      if (repaired.has(tile))
        for (const [plane, bytes] of chunks)
          await put(place, previousChunk(place, tile, plane), bytes);
  await files.rename(pendingPath, commitPath(journal, record, 'commit'));
  await flushFolder(files, journal);
  const [newest] = records.commits;
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
