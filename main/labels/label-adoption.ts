import { join } from 'node:path';
import type { LayerElement, LayerKey } from '#contract/entities';
import { tileCount } from '#contract/tiles';
import { writeFileAtomic } from '../storage/atomic-file';
import { currentChunk, type LayerPlace, type ProjectPlace } from './checkpoint';
import { checksum } from '../storage/checksum';
import type { CommitRecords, CommittedLayer } from '../storage/recovery/commit-record';
import { makeFolderDurably, readFileIfSound } from '../storage/file-system';
import {
  decodeChunk,
  imageFolder,
  imageMetadata,
  largestChunk,
  legendOf,
  planesOf,
  voxelsOf,
  type ImageShape,
  type Plane,
} from './label-image';
import type { LayerFacts } from './label-layer';
import { countLabels } from './label-tiles';

/** A name that is a number below `end`, as chunk folders have it. */
function isIndex(name: string, end: number): boolean {
  return /^(0|[1-9]\d{0,8})$/.test(name) && Number(name) < end;
}

/** The tiles of a layer's image, "z/ty/tx": what is there, not what could be, for a description may claim any size. */
async function* tilesThere(place: LayerPlace, shape: ImageShape): AsyncGenerator<string> {
  const [first = 'classes'] = planesOf(place.element);
  const image = join(imageFolder(place.project, place.stack, place.layer, first), '0');
  const within = async (path: string, end: number): Promise<string[]> =>
    (await place.files.list(path)).filter((name) => isIndex(name, end));
  for (const z of await within(image, shape.depth))
    for (const ty of await within(join(image, z), tileCount(shape.height)))
      for (const tx of await within(join(image, z, ty), tileCount(shape.width)))
        yield `${z}/${ty}/${tx}`;
}

async function adoptLayer(place: LayerPlace, shape: ImageShape): Promise<CommittedLayer | null> {
  const { stack, layer, element } = place;
  const tiles: CommittedLayer['tiles'] = {};
  for await (const key of tilesThere(place, shape)) {
    const pixels = new Map<Plane, Uint8Array>();
    const checksums: Partial<Record<Plane, number>> = {};
    for (const plane of planesOf(element)) {
      const path = currentChunk(place, key, plane);
      const chunk = await readFileIfSound(place.files, path, largestChunk(element));
      const decoded = chunk && (await decodeChunk(chunk, element));
      if (!decoded) break;
      pixels.set(plane, decoded);
      checksums[plane] = checksum(chunk);
    }
    if (pixels.size < planesOf(element).length) continue;
    const voxels = voxelsOf(element, (plane) => pixels.get(plane) ?? null);
    tiles[key] = { ...checksums, ...countLabels(voxels) };
  }
  return Object.keys(tiles).length === 0 ? null : { stack, layer, element, tiles };
}

/**
 * Takes images that came without any checkpoint record (the journal folder was
 * deleted, or the labels folder was copied) as they are, as far as their chunks
 * can be decoded.
 */
export async function adoptChunks(
  where: ProjectPlace,
  records: CommitRecords,
  known: readonly (LayerKey & {
    readonly element: LayerElement;
    readonly shape: ImageShape;
  })[],
): Promise<CommitRecords> {
  const layers: CommittedLayer[] = [];
  for (const { stack, layer, element, shape } of known) {
    const adopted = await adoptLayer({ ...where, stack, layer, element }, shape);
    if (adopted) layers.push(adopted);
  }
  if (layers.length === 0) return records;
  return { ...records, commits: [{ number: 0, sequence: 0, generation: 0, after: 0, layers }] };
}

/** The class names and colours are the most of it. */
const LARGEST_METADATA = 1 << 20;

/** Writes the metadata files of a layer's images where they are missing or say something else. */
export async function writeImageMetadata(
  where: ProjectPlace,
  { stack, layer }: LayerKey,
  { shape, voxelSize, classes, element }: LayerFacts,
): Promise<void> {
  for (const plane of planesOf(element)) {
    const folder = imageFolder(where.project, stack, layer, plane);
    await makeFolderDurably(where.files, join(folder, '0'));
    const name = `${layer} ${plane}`;
    const metadata = imageMetadata(shape, voxelSize, name, legendOf(plane, classes), element);
    for (const [file, text] of Object.entries(metadata)) {
      const path = join(folder, file);
      const bytes = new TextEncoder().encode(text);
      const there = await readFileIfSound(where.files, path, LARGEST_METADATA);
      if (there && Buffer.compare(there, bytes) === 0) continue;
      await writeFileAtomic(path, bytes, { files: where.files, reserveBytes: 0 });
    }
  }
}
