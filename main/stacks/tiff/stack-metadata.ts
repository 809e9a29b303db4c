import type { StackWarning, VoxelSize } from '#contract/entities';
import type { SourceFile } from '../source-file';
import type { Directory, TiffHeader } from './directory';
import { imageJAxes, imageJVoxelSize, parseImageJ } from './imagej';
import { edgeLength } from './length-unit';
import { limits } from './limits';
import { isOmeXml, parseOme } from './ome';
import { axesWarnings, stackAxes } from './stack-axes';
import { TagReader } from './tag-reader';
import { decodeText, fitsFile } from './tag-values';
import { tags } from './tags';
import { writerWarnings } from './writer-name';

/** What the first page says of the whole stack, whoever wrote it. */
export interface StackMetadata {
  readonly voxelSize: VoxelSize;
  /** Planes promised beyond the directories; 1 where nothing is said. */
  readonly planes: number;
  /** Directory of each plane; null where they are in order. */
  readonly directories: readonly (number | null)[] | null;
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
  const reader = new TagReader(file, header, directory);
  const software = await readText(file, directory, tags.Software);
  const description = await readText(file, directory, tags.ImageDescription);
  const warnings = [...description.warnings, ...writerWarnings(directory, software.text)];
  const perUnit = {
    x: await reader.number(tags.XResolution, 0),
    y: await reader.number(tags.YResolution, 0),
  };
  const resolution = resolutionVoxelSize(perUnit, await reader.number(tags.ResolutionUnit, 2));
  const { text } = description;
  const imageJ = parseImageJ(text);
  if (imageJ !== null)
    return {
      voxelSize: imageJVoxelSize(imageJ, perUnit),
      planes: imageJ.images,
      directories: null,
      axes: (depth) => stackAxes(imageJAxes(imageJ), depth),
      warnings: [...warnings, ...axesWarnings(imageJAxes(imageJ))],
    };
  if (isOmeXml(text) && text.length <= limits.omeXmlBytes) {
    const ome = await parseOme(text);
    return {
      voxelSize: ome.voxelSize.source === 'unknown' ? resolution : ome.voxelSize,
      planes: 1,
      directories: ome.directories,
      axes: (depth) => stackAxes(ome.axes, depth),
      warnings: [...warnings, ...ome.warnings, ...axesWarnings(ome.axes)],
    };
  }
  const stkPlanes = directory.entries.get(tags.StkPlanes)?.count ?? 1;
  return {
    voxelSize: resolution,
    planes: Math.max(stkPlanes, shapedPlanes(text)),
    directories: null,
    axes: (depth) => stackAxes([], depth),
    warnings,
  };
}

/** Planes of the JSON description that scientific Python writes: the product of all but the last two sizes. */
function shapedPlanes(description: string): number {
  const shape = /^\{"shape": ?\[([\d, ]{1,200})\]/.exec(description)?.[1];
  const sizes = (shape ?? '').split(',').map(Number);
  const planes = sizes.slice(0, -2).reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(planes) && planes > 0 ? planes : 1;
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

async function readText(
  file: SourceFile,
  directory: Directory,
  tag: number,
): Promise<{ text: string; warnings: StackWarning[] }> {
  const entry = directory.entries.get(tag);
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
