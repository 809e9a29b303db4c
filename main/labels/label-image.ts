import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { z } from 'zod';
import type { LabelClass, LayerElement, VoxelSize } from '#contract/entities';
import { CONFIRMED_BIT, UNTOUCHED, VOID } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { elementBytes, newVoxels, type VoxelArray } from '#volume/voxel-edit';

/*
 * Layers on the disk are plain images that other programs understand, OME-Zarr
 * 0.4 on Zarr v2 (https://ngff.openmicroscopy.org/0.4/), one chunk a tile: of a
 * layer of classes the class of every voxel, and its review state (0 untouched,
 * 1 painted, 2 confirmed); of a layer of ids their values.
 */
export const planes = ['classes', 'review', 'values'] as const;
export type Plane = (typeof planes)[number];

const planesOfClasses: readonly Plane[] = ['classes', 'review'];
const planesOfIds: readonly Plane[] = ['values'];

/** The images that a layer of that element lies in. */
export function planesOf(element: LayerElement): readonly Plane[] {
  return element === 'uint8' ? planesOfClasses : planesOfIds;
}

/** Bytes of a chunk file at most; what does not compress grows by less than a hundredth. */
export function largestChunk(element: LayerElement): number {
  return 2 * TILE_PIXELS * elementBytes(element);
}

/** Labels compress 50 times and more at any level; level 1 costs the least time. */
const ZLIB_LEVEL = 1;

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);

export function imageFolder(project: string, stack: string, layer: string, plane: Plane): string {
  const suffix = plane === 'review' ? '-review' : '';
  return join(project, 'labels', stack, `${layer}${suffix}.ome.zarr`);
}

/** The chunk file of tile "z/ty/tx". */
export function chunkPath(image: string, tile: string): string {
  return join(image, '0', ...tile.split('/'));
}

/** The bytes of a plane of a tile, little-endian. */
export function planeOf(voxels: Uint8Array | VoxelArray, plane: Plane): Uint8Array {
  if (plane === 'values')
    return new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
  const pixels = new Uint8Array(voxels.length);
  for (let i = 0; i < voxels.length; i += 1) {
    const label = voxels[i] ?? 0;
    if (plane === 'classes') pixels[i] = label & 0x7f;
    else pixels[i] = label >= CONFIRMED_BIT ? 2 : label === UNTOUCHED ? 0 : 1;
  }
  return pixels;
}

/** Joins class and review state of a tile into label bytes; the inverse of `planeOf`. */
export function joinPlanes(classes: Uint8Array, review: Uint8Array): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(classes);
  for (let i = 0; i < labels.length; i += 1)
    if (review[i] === 2) labels[i] = (labels[i] ?? 0) | CONFIRMED_BIT;
  return labels;
}

/** The voxels of a tile from its planes; a plane that is lost counts as empty. */
export function voxelsOf(
  element: LayerElement,
  found: (plane: Plane) => Uint8Array | null,
): VoxelArray {
  const voxels = newVoxels(element, TILE_PIXELS);
  if (voxels instanceof Uint8Array) {
    const classes = found('classes') ?? voxels;
    return joinPlanes(classes, found('review') ?? new Uint8Array(TILE_PIXELS));
  }
  const values = found('values');
  if (values) new Uint8Array(voxels.buffer).set(values);
  return voxels;
}

export async function encodeChunk(pixels: Uint8Array): Promise<Uint8Array> {
  return deflateAsync(pixels, { level: ZLIB_LEVEL });
}

/** A tile's plane from its chunk file, as bytes; null when it is not a whole zlib stream of TILE_SIZE² voxels. */
export async function decodeChunk(
  bytes: Uint8Array,
  element: LayerElement = 'uint8',
): Promise<Uint8Array | null> {
  const wanted = TILE_PIXELS * elementBytes(element);
  try {
    const pixels = await inflateAsync(bytes, { maxOutputLength: wanted });
    return pixels.length === wanted ? pixels : null;
  } catch {
    return null;
  }
}

/** Shape of a label image: pixels, and slices. */
export const ImageShape = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  depth: z.int().positive(),
});
export type ImageShape = z.infer<typeof ImageShape>;

/** What a value of a label image means, and the colour it is shown in, "#rrggbb". */
export interface LegendEntry {
  readonly value: number;
  readonly name: string;
  readonly colour: string;
}

/** Sky blue and green of the Okabe–Ito palette. */
const reviewLegend: readonly LegendEntry[] = [
  { value: 1, name: 'painted', colour: '#56b4e9' },
  { value: 2, name: 'confirmed', colour: '#009e73' },
];
const voidEntry: LegendEntry = { value: VOID, name: 'void', colour: '#7f7f7f' };

/** The values of a plane; 0 (nobody has looked) is background and has no entry, and ids have no names. */
export function legendOf(plane: Plane, classes: readonly LabelClass[]): readonly LegendEntry[] {
  switch (plane) {
    case 'review':
      return reviewLegend;
    case 'classes':
      return [...classes.map(({ id, name, colour }) => ({ value: id, name, colour })), voidEntry];
    case 'values':
      return [];
  }
}

const zarrTypes: Readonly<Record<LayerElement, string>> = {
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
};

/** What OME-Zarr 0.4 says of labels: their colours, and their names. */
export function imageLabel(legend: readonly LegendEntry[]): {
  readonly version: '0.4';
  readonly colors: readonly object[];
  readonly properties: readonly object[];
} {
  return {
    version: '0.4',
    colors: legend.map(({ value, colour }) => ({
      'label-value': value,
      rgba: [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)).concat(255),
    })),
    properties: legend.map(({ value, name }) => ({ 'label-value': value, class: name })),
  };
}

/**
 * Metadata files of a label image by name, as JSON text. Voxel size in nm is
 * the scale; 1 without unit where it is unknown. `image-label` makes readers
 * show it as labels, in our colours.
 */
export function imageMetadata(
  shape: ImageShape,
  voxel: VoxelSize,
  name: string,
  legend: readonly LegendEntry[],
  element: LayerElement = 'uint8',
): Readonly<Record<string, string>> {
  const axis = (axisName: 'z' | 'y' | 'x'): object =>
    voxel[axisName] === null
      ? { name: axisName, type: 'space' }
      : { name: axisName, type: 'space', unit: 'nanometer' };
  const array = {
    zarr_format: 2,
    shape: [shape.depth, shape.height, shape.width],
    chunks: [1, TILE_SIZE, TILE_SIZE],
    dtype: zarrTypes[element],
    compressor: { id: 'zlib', level: ZLIB_LEVEL },
    fill_value: 0,
    order: 'C',
    filters: null,
    dimension_separator: '/',
  };
  const attributes = {
    multiscales: [
      {
        version: '0.4',
        name,
        axes: [axis('z'), axis('y'), axis('x')],
        datasets: [
          {
            path: '0',
            coordinateTransformations: [
              { type: 'scale', scale: [voxel.z ?? 1, voxel.y ?? 1, voxel.x ?? 1] },
            ],
          },
        ],
      },
    ],
    'image-label': imageLabel(legend),
  };
  return {
    '.zgroup': JSON.stringify({ zarr_format: 2 }, null, 2),
    '.zattrs': JSON.stringify(attributes, null, 2),
    [join('0', '.zarray')]: JSON.stringify(array, null, 2),
  };
}
