import type { VoxelArray } from '#volume/voxel-edit';
import { checksum } from '../storage/checksum';
import { readFileIfSound, systemCode, type FileSystem } from '../storage/file-system';
import {
  committedTiles,
  type CommitRecord,
  type CommitRecords,
} from '../storage/recovery/commit-record';
import { currentChunk, previousChunk, type LayerPlace } from './checkpoint';
import { decodeChunk, largestChunk, planesOf, voxelsOf, type Plane } from './label-image';

/** A plane of a tile from the disk, and up to which sequence it holds the edits. */
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
    const bytes = await readChunk(place.files, path, largestChunk(place.element));
    if (!bytes) continue;
    const crc = checksum(bytes);
    const known = records.filter((record) => committedTiles(record, place)[tile]?.[plane] === crc);
    const sequence = Math.max(...known.map((record) => record.sequence));
    if (known.length === 0 || (best && best.sequence >= sequence)) continue;
    const pixels = await decodeChunk(bytes, place.element);
    if (pixels) best = { pixels, sequence, copy };
    if (best && sequence >= (records[0]?.sequence ?? 0)) return best;
  }
  return best;
}

/** A chunk that can't be read (a bad sector, a link in its place) is a chunk that is lost, not a reason to stop. */
async function readChunk(
  files: FileSystem,
  path: string,
  most: number,
): Promise<Uint8Array | null> {
  try {
    return await readFileIfSound(files, path, most);
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
  crc: number | undefined,
): Promise<Uint8Array | null> {
  for (const path of [currentChunk(place, tile, plane), previousChunk(place, tile, plane)]) {
    const bytes = await readChunk(place.files, path, largestChunk(place.element));
    if (bytes && checksum(bytes) === crc) return bytes;
  }
  return null;
}

export interface StoredTile {
  /** A plane that is lost counts as empty. */
  readonly voxels: VoxelArray;
  /** The edits after this sequence are still to be applied; −1 when a plane is lost. */
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
  const { element } = place;
  const known = [...records.pending, ...records.commits].sort((a, b) => b.sequence - a.sequence);
  if (!known.some((record) => committedTiles(record, place)[tile])) return null;
  const found = new Map<Plane, FoundPlane | null>();
  for (const plane of planesOf(element))
    found.set(plane, await findPlane(place, known, tile, plane));
  const all = [...found.values()];
  const oldest = Math.min(...all.map((one) => one?.sequence ?? -1));
  const voxels = voxelsOf(element, (plane) => found.get(plane)?.pixels ?? null);
  const isNew = !records.commits.some((record) => committedTiles(record, place)[tile]);
  if (isNew && records.damaged.length === 0) {
    // Only a checkpoint that was cut short knows it: what it had not written yet was blank before.
    const before = records.commits[0]?.sequence ?? 0;
    const sequence = all.includes(null) ? before : oldest;
    return { voxels, sequence, damaged: false };
  }
  return {
    voxels,
    sequence: oldest,
    damaged: all.some((one) => one?.copy !== 'current'),
  };
}
