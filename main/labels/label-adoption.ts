import { join } from 'node:path';
import type { LabelClass, VoxelSize } from '#contract/entities';
import { tileCount } from '#contract/tiles';
import { writeFileAtomic } from '../storage/atomic-file';
import { currentChunk, type LayerPlace } from './checkpoint';
import { checksum } from '../storage/checksum';
import type { CommitRecord, CommitRecords } from '../storage/recovery/commit-record';
import { makeFolderDurably, readFileIfSound } from '../storage/file-system';
import {
  decodeChunk,
  imageFolder,
  imageMetadata,
  joinPlanes,
  LARGEST_CHUNK,
  legendOf,
  planes,
  type ImageShape,
} from './label-image';
import { countLabels } from './label-tiles';

/** A name that is a number below `end`, as chunk folders have it. */
function isIndex(name: string, end: number): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(name) && Number(name) < end;
}

/**
 * Takes label images that came without any checkpoint record (the journal
 * folder was deleted, or the labels folder was copied) as they are, as far as
 * their chunks can be decoded.
 */
export async function adoptChunks(
  place: LayerPlace,
  records: CommitRecords,
  shape: ImageShape,
): Promise<CommitRecords> {
  const tiles: CommitRecord['tiles'] = {};
  const classesImage = imageFolder(place.project, place.stack, place.layer, 'classes');
  for (const z of await place.files.list(join(classesImage, '0'))) {
    if (!isIndex(z, shape.depth)) continue;
    // What is there, not what could be: a description may claim any size.
    for (const ty of await place.files.list(join(classesImage, '0', z)))
      for (const tx of isIndex(ty, tileCount(shape.height))
        ? await place.files.list(join(classesImage, '0', z, ty))
        : []) {
        if (!isIndex(tx, tileCount(shape.width))) continue;
        const key = `${z}/${ty}/${tx}`;
        const [classes, review] = await Promise.all(
          planes.map((plane) =>
            readFileIfSound(place.files, currentChunk(place, key, plane), LARGEST_CHUNK),
          ),
        );
        const pixels = classes && (await decodeChunk(classes));
        const states = review && (await decodeChunk(review));
        if (!pixels || !states) continue;
        tiles[key] = {
          classes: checksum(classes),
          review: checksum(review),
          ...countLabels(joinPlanes(pixels, states)),
        };
      }
  }
  if (Object.keys(tiles).length === 0) return records;
  const { stack, layer } = place;
  return {
    ...records,
    commits: [{ number: 0, sequence: 0, generation: 0, after: 0, stack, layer, tiles }],
  };
}

/** The class names and colours are the most of it. */
const LARGEST_METADATA = 1 << 20;

/** What other programs are told about the label images. */
export interface LabelDescription {
  readonly voxelSize: VoxelSize;
  readonly classes: readonly LabelClass[];
}

/** Writes the metadata files of both label images where they are missing or say something else. */
export async function writeImageMetadata(
  place: LayerPlace,
  shape: ImageShape,
  { voxelSize, classes }: LabelDescription,
): Promise<void> {
  for (const plane of planes) {
    const folder = imageFolder(place.project, place.stack, place.layer, plane);
    await makeFolderDurably(place.files, join(folder, '0'));
    const name = `${place.layer} ${plane}`;
    const metadata = imageMetadata(shape, voxelSize, name, legendOf(plane, classes));
    for (const [file, text] of Object.entries(metadata)) {
      const path = join(folder, file);
      const bytes = new TextEncoder().encode(text);
      const there = await readFileIfSound(place.files, path, LARGEST_METADATA);
      if (there && Buffer.compare(there, bytes) === 0) continue;
      await writeFileAtomic(path, bytes, { files: place.files, reserveBytes: 0 });
    }
  }
}
