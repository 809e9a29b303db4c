import type { StackWarning, VoxelSize } from '#contract/entities';
import type { SourceFile } from '../../source-file';
import type { Directory, TiffHeader } from '../container/directory';
import { type ImageJDescription, imageJVoxelSize, parseImageJ } from './imagej';
import { limits } from '../container/limits';
import { isOmeXml, type OmeDescription, parseOme } from './ome';
import { resolutionVoxelSize } from './print-resolution';
import { parseShape } from './shape-description';
import { TagReader } from '../container/tag-reader';
import { decodeText, fitsFile } from '../container/tag-values';
import { tags } from '../container/tags';
import { writerWarnings } from './writer-name';

/** What a page's description says of the whole stack. */
export type StackDescription =
  | { readonly kind: 'imagej'; readonly imageJ: ImageJDescription }
  | { readonly kind: 'ome'; readonly ome: OmeDescription }
  /** Sizes of the array that scientific Python wrote. */
  | { readonly kind: 'shape'; readonly shape: readonly number[] }
  | { readonly kind: 'none'; readonly planes: number };

export interface StackMetadata {
  readonly description: StackDescription;
  readonly voxelSize: VoxelSize;
  readonly warnings: readonly StackWarning[];
}

/** Reads the tags and descriptions that name voxel size and planes; what can't be read is unknown, never an error. */
export async function stackMetadata(
  file: SourceFile,
  header: TiffHeader,
  directory: Directory,
): Promise<StackMetadata> {
  const reader = new TagReader(file, header, directory);
  const software = await readText(file, directory, tags.Software);
  const { text, warnings: textWarnings } = await readText(file, directory, tags.ImageDescription);
  const warnings = [
    ...textWarnings,
    ...writerWarnings(directory, software.text),
    ...lostResolution(file, directory),
  ];
  const perUnit = {
    x: await reader.number(tags.XResolution, 0),
    y: await reader.number(tags.YResolution, 0),
  };
  const resolution = resolutionVoxelSize(perUnit, await reader.number(tags.ResolutionUnit, 2));
  const imageJ = parseImageJ(text);
  if (imageJ !== null) {
    const { voxelSize, warnings: own } = imageJVoxelSize(imageJ, perUnit);
    return {
      description: { kind: 'imagej', imageJ },
      voxelSize,
      warnings: [...warnings, ...own],
    };
  }
  if (isOmeXml(text)) {
    const ome = await parseOme(text);
    const known = ome.voxelSize.source !== 'unknown';
    return {
      description: { kind: 'ome', ome },
      voxelSize: known ? ome.voxelSize : resolution.voxelSize,
      warnings: [...warnings, ...ome.warnings, ...(known ? [] : resolution.warnings)],
    };
  }
  const shape = parseShape(text);
  return {
    description:
      shape === null
        ? { kind: 'none', planes: directory.entries.get(tags.StkPlanes)?.count ?? 1 }
        : { kind: 'shape', shape },
    voxelSize: resolution.voxelSize,
    warnings: [...warnings, ...resolution.warnings],
  };
}

function lostResolution(file: SourceFile, { entries }: Directory): StackWarning[] {
  const lost = [tags.XResolution, tags.YResolution, tags.ResolutionUnit].some((tag) => {
    const entry = entries.get(tag);
    return entry !== undefined && !fitsFile(entry, file);
  });
  const message = 'The resolution is told beyond the end of the file; the pixel size is open.';
  return lost ? [{ code: 'tag-ignored', message }] : [];
}

/** The description of a page as text, and why there is none where it can't be had. */
export async function readText(
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
