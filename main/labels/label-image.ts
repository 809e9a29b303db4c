import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { z } from 'zod';
import type { VoxelSize } from '#contract/entities';
import { CONFIRMED_BIT, UNTOUCHED } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';

/*
 * Labels on the disk are two plain images that other programs understand,
 * OME-Zarr 0.4 on Zarr v2 (https://ngff.openmicroscopy.org/0.4/), one chunk a
 * tile: the class of every pixel, and its review state (0 untouched,
 * 1 painted, 2 confirmed).
 */
export const planes = ['classes', 'review'] as const;
export type Plane = (typeof planes)[number];

/** Labels compress 50 times and more at any level; level 1 costs the least time. */
const ZLIB_LEVEL = 1;

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);

export function imageFolder(project: string, stack: string, layer: string, plane: Plane): string {
  const suffix = plane === 'classes' ? '' : '-review';
  return join(project, 'labels', stack, `${layer}${suffix}.ome.zarr`);
}

/** The chunk file of tile "z/ty/tx". */
export function chunkPath(image: string, tile: string): string {
  return join(image, '0', ...tile.split('/'));
}

/** Splits TILE_SIZE² label bytes into the bytes of a plane. */
export function planeOf(labels: Uint8Array, plane: Plane): Uint8Array {
  const pixels = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i] ?? 0;
    if (plane === 'classes') pixels[i] = label & 0x7f;
    else pixels[i] = label >= CONFIRMED_BIT ? 2 : label === UNTOUCHED ? 0 : 1;
  }
  return pixels;
}

/** Joins the two planes of a tile into label bytes; the inverse of `planeOf`. */
export function joinPlanes(classes: Uint8Array, review: Uint8Array): Uint8Array<ArrayBuffer> {
  const labels = new Uint8Array(classes);
  for (let i = 0; i < labels.length; i += 1)
    if (review[i] === 2) labels[i] = (labels[i] ?? 0) | CONFIRMED_BIT;
  return labels;
}

export async function encodeChunk(pixels: Uint8Array): Promise<Uint8Array> {
  return deflateAsync(pixels, { level: ZLIB_LEVEL });
}

/** A tile's plane from its chunk file; null when it is not a whole zlib stream of TILE_SIZE² bytes. */
export async function decodeChunk(bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    const pixels = await inflateAsync(bytes, { maxOutputLength: TILE_PIXELS });
    return pixels.length === TILE_PIXELS ? pixels : null;
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

/** Metadata files of a label image by name, as JSON text. Voxel size in nm is the scale; 1 without unit where it is unknown. */
export function imageMetadata(
  shape: ImageShape,
  voxel: VoxelSize,
  name: string,
): Readonly<Record<string, string>> {
  const axis = (axisName: 'z' | 'y' | 'x'): object =>
    voxel[axisName] === null
      ? { name: axisName, type: 'space' }
      : { name: axisName, type: 'space', unit: 'nanometer' };
  const array = {
    zarr_format: 2,
    shape: [shape.depth, shape.height, shape.width],
    chunks: [1, TILE_SIZE, TILE_SIZE],
    dtype: '|u1',
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
  };
  return {
    '.zgroup': JSON.stringify({ zarr_format: 2 }, null, 2),
    '.zattrs': JSON.stringify(attributes, null, 2),
    [join('0', '.zarray')]: JSON.stringify(array, null, 2),
  };
}
