import type { StackWarning, VoxelSize } from '#contract/entities';
import type { SourceFile } from '../source-file';
import type { Directory, TiffHeader } from './directory';
import { imageJAxes, imageJVoxelSize, imageJWarnings, parseImageJ } from './imagej';
import { edgeLength } from './length-unit';
import { limits } from './limits';
import { decodeText, fitsFile, readNumbers } from './tag-values';
import { tags } from './tags';

/** What the first page says of the whole stack, whoever wrote it. */
export interface StackMetadata {
  readonly voxelSize: VoxelSize;
  /** Planes promised beyond the directories; 1 where nothing is said. */
  readonly planes: number;
  /** Axes of a stack of `depth` slices, slowest first, samples left out. */
  axes(depth: number): string;
  readonly warnings: readonly StackWarning[];
}

export const unknownVoxelSize: VoxelSize = { x: null, y: null, z: null, source: 'unknown' };

/** Coarser than this (10 µm) a resolution tag speaks of print, not of a microscope. */
const COARSEST_NM = 10_000;

/** Reads the tags and descriptions that name voxel size and axes; what can't be read is unknown, never an error. */
export async function stackMetadata(
  file: SourceFile,
  header: TiffHeader,
  directory: Directory,
): Promise<StackMetadata> {
  const number = async (tag: number, fallback: number): Promise<number> => {
    const entry = directory.entries.get(tag);
    if (entry === undefined || entry.count === 0 || !fitsFile(entry, file)) return fallback;
    return (await readNumbers(file, header, entry, 0, 1))[0] ?? fallback;
  };
  const { text, warnings } = await readDescription(file, directory);
  const perUnit = { x: await number(tags.XResolution, 0), y: await number(tags.YResolution, 0) };
  const imageJ = parseImageJ(text);
  if (imageJ !== null)
    return {
      voxelSize: imageJVoxelSize(imageJ, perUnit),
      planes: imageJ.images,
      axes: (depth) => imageJAxes(imageJ, depth),
      warnings: [...warnings, ...imageJWarnings(imageJ)],
    };
  const unit = await number(tags.ResolutionUnit, 2);
  return {
    voxelSize: resolutionVoxelSize(perUnit, unit),
    planes: 1,
    axes: plainAxes,
    warnings,
  };
}

export function plainAxes(depth: number): string {
  return depth > 1 ? 'ZYX' : 'YX';
}

/** Voxel size from the resolution tags alone: 2 = inch, 3 = centimetre. */
export function resolutionVoxelSize(
  perUnit: { readonly x: number; readonly y: number },
  unit: number,
): VoxelSize {
  const nm = unit === 2 ? 2.54e7 : unit === 3 ? 1e7 : null;
  if (nm === null) return unknownVoxelSize;
  const x = edgeLength(nm / perUnit.x);
  const y = edgeLength(nm / perUnit.y);
  if (x === null || y === null || x > COARSEST_NM || y > COARSEST_NM) return unknownVoxelSize;
  return { x, y, z: null, source: 'file' };
}

async function readDescription(
  file: SourceFile,
  directory: Directory,
): Promise<{ text: string; warnings: StackWarning[] }> {
  const entry = directory.entries.get(tags.ImageDescription);
  if (entry === undefined) return { text: '', warnings: [] };
  const refused = !fitsFile(entry, file)
    ? 'is longer than the file'
    : entry.count > limits.descriptionRead
      ? 'is longer than is read'
      : null;
  if (refused !== null) {
    const message = `The description (${entry.count} bytes) ${refused}; it was ignored.`;
    return { text: '', warnings: [{ code: 'description-ignored', message }] };
  }
  return { text: decodeText(await file.read(entry.at, entry.count)), warnings: [] };
}
