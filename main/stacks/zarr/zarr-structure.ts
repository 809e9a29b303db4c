import { basename, join } from 'node:path';
import type { StackInfo, StackWarning, VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { severalStacks } from '../several-stacks';
import { TILE_SIZE } from '#contract/tiles';
import type { VolumeInfo, VolumeLevel } from '#volume/volume-info';
import { limits } from '../tiff/container/limits';
import { edgeLength, isNoLength, unitInNanometres } from '../tiff/meta/length-unit';
import { axisPlan, type AxisPlan } from './axis-plan';
import { findImages } from './find-images';
import { type ImageAxis, type Multiscale, parseMultiscale } from './multiscales';
import { chosenLevels, type LevelArray } from './native-levels';
import { type NodeMetadata, readNode } from './read-metadata';
import { sampledFiles } from './sampled-files';
import { corruptZarr, tooLargeZarr, unsupportedZarr } from './zarr-errors';
import { parseArray } from './zarr-array';

/** Everything about an OME-Zarr but its pixels, as plain data: a worker reads it. */
export interface ZarrStructure {
  readonly info: StackInfo;
  readonly volume: VolumeInfo;
  readonly plan: AxisPlan;
  /** The array of each level of `volume`. */
  readonly arrays: readonly LevelArray[];
  /** Files that tell this Zarr from others, relative to the folder: those that describe it, then some of its chunks. */
  readonly files: readonly string[];
  /** So many of them describe it. */
  readonly described: number;
  /** Whether the chunks among them are all that there are. */
  readonly allChunks: boolean;
}

/**
 * Reads what the Zarr in `folder` is.
 * @throws MembranaError stack.*, file.*; AbortError
 */
export async function readZarr(folder: string, signal: AbortSignal): Promise<ZarrStructure> {
  const name = basename(folder);
  const node = await readNode(folder, name);
  if (node === null) throw corruptZarr(name, 'it is called a Zarr, but its description is missing');
  if (node.kind === 'array') return structureOf({ folder, name, at: '', node, image: null });
  const image = parseMultiscale(name, node.attributes);
  if (image !== null) return structureOf({ folder, name, at: '', node, image });
  const found = await findImages(folder, name, signal);
  const [only] = found;
  if (only === undefined)
    throw new MembranaError('stack.no-image', `${name} is a Zarr group without an image in it.`, {
      hint: 'Choose the folder of an OME-Zarr image.',
      data: { file: name },
    });
  if (found.length > 1)
    throw severalStacks(
      name,
      `is a Zarr group of ${String(found.length)} images`,
      found.map(({ path }) => path),
      'Open the folder of one of them.',
    );
  const inner = await readNode(join(folder, only.path), name);
  if (inner === null) throw corruptZarr(name, `${only.path} can't be read`);
  const below = inner.kind === 'group' ? parseMultiscale(name, inner.attributes) : null;
  return structureOf({ folder, name, at: only.path, node: inner, image: below });
}

interface ImagePlace {
  /** The folder that was opened. */
  readonly folder: string;
  readonly name: string;
  /** Where the image or array lies in it. */
  readonly at: string;
  readonly node: NodeMetadata;
  /** Null for an array that stands alone. */
  readonly image: Multiscale | null;
}

function within(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('/');
}

/** The arrays of the resolutions; one that can't be used is left out, unless it is the first. */
async function arraysOf(
  { folder, name, at, node, image }: ImagePlace,
  warnings: StackWarning[],
): Promise<{ arrays: LevelArray[]; files: string[] }> {
  const files = node.files.map((file) => within(at, file));
  if (image === null)
    return { arrays: [{ path: at, scale: null, array: parseArray(name, node) }], files };
  const arrays: LevelArray[] = [];
  for (const [number, { path, scale }] of image.levels.entries()) {
    const place = within(at, path);
    try {
      const level = await readNode(join(folder, place), `${name}/${place}`);
      if (level?.kind !== 'array') throw corruptZarr(name, `resolution ${path} is not there`);
      arrays.push({ path: place, scale, array: parseArray(`${name}/${place}`, level) });
      files.push(...level.files.map((file) => within(place, file)));
    } catch (error) {
      if (number === 0 || !(error instanceof MembranaError)) throw error;
      warnings.push({
        code: 'level-dropped',
        message: `Resolution ${path} is not used: ${error.message}`,
      });
    }
  }
  return { arrays, files };
}

async function structureOf(place: ImagePlace): Promise<ZarrStructure> {
  const { name, image } = place;
  const warnings: StackWarning[] = [...(image?.warnings ?? [])];
  const { arrays: all, files } = await arraysOf(place, warnings);
  const [native] = all;
  if (native === undefined) throw corruptZarr(name, 'it has no resolution that can be read');
  const axes = image?.axes ?? null;
  const plan = axisPlan(name, native.array, axes?.map((axis) => axis.name) ?? null, warnings);
  const { levels, arrays } = chosenLevels(all, native, plan, warnings);
  const { shape } = levels[0];
  if (shape.x * shape.y > limits.pagePixels || shape.z > limits.directories)
    throw tooLargeZarr(name, `${shape.z} slices of ${shape.x} × ${shape.y} pixels`);
  mustBeReadable(name, levels[0], plan);
  const voxelSize = voxelSizeOf(axes, image?.levels[0]?.scale ?? null, plan, warnings);
  const { type, compression, byteOrder } = native.array;
  const { channels } = plan;
  const letters = `${shape.z > 1 ? 'Z' : ''}YX`;
  const chunks = sampledFiles(native);
  const info: StackInfo = {
    width: shape.x,
    height: shape.y,
    depth: shape.z,
    type,
    samples: channels,
    meaning:
      channels > 1
        ? { kind: 'channels', channels, channel: 0, alpha: null }
        : { kind: 'grey', stored: 'grey', alpha: null },
    voxelSize,
    axes: `${letters}${channels > 1 ? 'S' : ''}`,
    compression,
    byteOrder,
    fileBytes: 0,
    warnings,
  };
  const volume: VolumeInfo = {
    axes: `${channels > 1 ? 'C' : ''}${letters}`,
    shape,
    voxelSize,
    levels,
    element: type,
    channels,
    samples: 1,
  };
  return {
    info,
    volume,
    plan,
    arrays,
    files: [...files, ...chunks.names],
    described: files.length,
    allChunks: chunks.all,
  };
}

/** Chunks that a tile of the view may be put together from: some seconds' worth. */
const MOST_IN_TILE = 2 ** 14;

/** @throws MembranaError stack.unsupported where each tile takes more chunks than anybody would wait for */
function mustBeReadable(name: string, { shape, chunk }: VolumeLevel, { channels }: AxisPlan): void {
  const along = (size: number, length: number): number =>
    Math.ceil(Math.min(size, TILE_SIZE) / length);
  const chunks = along(shape.x, chunk.x) * along(shape.y, chunk.y) * channels;
  if (chunks > MOST_IN_TILE)
    throw unsupportedZarr(
      name,
      `chunks of ${chunk.z} × ${chunk.y} × ${chunk.x} voxels (${chunks} of them for ${TILE_SIZE} × ${TILE_SIZE} pixels)`,
    );
}

function voxelSizeOf(
  axes: readonly ImageAxis[] | null,
  told: readonly number[] | null,
  plan: AxisPlan,
  warnings: StackWarning[],
): VoxelSize {
  const scale = told?.length === plan.rank ? told : null;
  if (told !== null && scale === null)
    warnings.push({
      code: 'scale-unclear',
      message: `The size of a voxel is told for ${told.length} axes, and there are ${plan.rank}; it is left open.`,
    });
  const strange = new Set<string>();
  const length = (axis: number | null): number | null => {
    const unit = axis === null ? '' : (axes?.[axis]?.unit ?? '');
    const nm = unitInNanometres(unit);
    if (nm === null && !isNoLength(unit)) strange.add(unit);
    return axis === null || nm === null ? null : edgeLength((scale?.[axis] ?? NaN) * nm);
  };
  const [x, y, z] = [length(plan.x), length(plan.y), plan.slicesAreTimes ? null : length(plan.z)];
  for (const unit of strange)
    warnings.push({
      code: 'unit-unknown',
      message: `The unit "${unit.slice(0, 40)}" is not known; sizes in it are left open.`,
    });
  const known: boolean = x !== null || y !== null || z !== null;
  return { x, y, z, source: known ? 'file' : 'unknown' };
}
