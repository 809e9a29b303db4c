import type { VoxelSize } from '#contract/entities';
import { formatSliceRange } from '#contract/slice-range';
import { imageLabel } from '../../../labels/label-image';
import type { ImageSpec } from '../image-writer';
import type { ZarrVersion } from './array-layout';

/** The files that describe a group, by name, as JSON. */
export function groupMetadata(
  ome: object,
  version: ZarrVersion,
  beside: object = {},
): Readonly<Record<string, object>> {
  if (version === 2) return { '.zgroup': { zarr_format: 2 }, '.zattrs': { ...ome, ...beside } };
  const attributes = { ome: { version: '0.5', ...ome }, ...beside };
  return { 'zarr.json': { zarr_format: 3, node_type: 'group', attributes } };
}

function axis(name: 'z' | 'y' | 'x', voxel: VoxelSize): object {
  return { name, type: 'space', ...(voxel[name] === null ? {} : { unit: 'nanometer' }) };
}

/** Slices that follow one another from a later one than the first lie that far down in the stack. */
function offset({ slices, voxelSize: { z } }: ImageSpec): object[] {
  const [first = 0] = slices;
  const together = slices.every((slice, i) => slice === first + i);
  if (first === 0 || !together) return [];
  return [{ type: 'translation', translation: [first * (z ?? 1), 0, 0] }];
}

/** `multiscales` of an image of so many resolutions, in nm; 1 without a unit where a length is unknown. */
export function multiscales(
  spec: ImageSpec,
  name: string,
  levels: number,
  version: ZarrVersion,
): object {
  const { voxelSize } = spec;
  const { z, y, x } = voxelSize;
  const datasets = Array.from({ length: levels }, (_, level) => {
    const scale = [z ?? 1, (y ?? 1) * 2 ** level, (x ?? 1) * 2 ** level];
    const coordinateTransformations = [{ type: 'scale', scale }, ...offset(spec)];
    return { path: String(level), coordinateTransformations };
  });
  const axes = [axis('z', voxelSize), axis('y', voxelSize), axis('x', voxelSize)];
  return {
    multiscales: [{ ...(version === 2 ? { version: '0.4' } : {}), name, axes, datasets }],
  };
}

/** `image-label` of labels that lie in `labels/NAME` of their image. */
export function labelsOf(spec: ImageSpec, version: ZarrVersion): object {
  const { version: of04, ...content } = imageLabel(spec.legend ?? []);
  const source = { image: '../../' };
  return { 'image-label': { ...(version === 2 ? { version: of04 } : {}), ...content, source } };
}

/** What OME-Zarr has no words for: which slices they are, and what the values mean. */
export function ownNotes({ slices, values }: ImageSpec): object {
  return { membrana: { slices: formatSliceRange(slices), values } };
}
