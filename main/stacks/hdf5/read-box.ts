import type { ElementType } from '#contract/entities';
import type { Chunk, ChunkProblem } from '#volume/chunk-source';
import { bytesOf, bytesPerSample, newPixels, type PixelArray, pixelsOn } from '#volume/pixel-array';
import { widenHalf } from '../tiff/pixels/unpack-samples';
import type { AxisPlan } from '../zarr/axis-plan';
import { type LentFile, withHdf5 } from './hdf5-library';
import type { Hdf5Dataset } from './hdf5-structure';

/** A chunk of a dataset, by the place of its first value along each axis. */
export interface Hdf5BoxRequest {
  readonly lent: LentFile;
  readonly dataset: Hdf5Dataset;
  readonly axes: Pick<AxisPlan, 'x' | 'y' | 'z' | 'c'>;
  readonly start: readonly number[];
}

/**
 * Reads one chunk of one channel; what is wrong with it is told, never thrown.
 * What the file says was never written is its fill value: unlike the missing
 * file of a Zarr chunk, it can't have got lost in a copy.
 */
export async function readBox(request: Hdf5BoxRequest): Promise<Chunk> {
  const { dataset, axes, start } = request;
  const { shape, unit, type, bool } = dataset;
  const count = unit.map((length, axis) =>
    axis === axes.c ? 1 : Math.min(length, (shape[axis] ?? 1) - (start[axis] ?? 0)),
  );
  // Axes that are neither seen nor chosen from are looked at in their first place.
  const box = count.map((length, axis) =>
    axis === axes.x || axis === axes.y || axis === axes.z ? length : 1,
  );
  const values = box.reduce((product, length) => product * length, 1);
  const stored = type === 'float16' ? 'uint16' : type;
  try {
    const bytes = await withHdf5(request.lent, (file, module) => {
      const size = values * bytesPerSample(stored);
      const at = module._malloc(size);
      if (at === 0) return null;
      try {
        const big = (list: readonly number[]): bigint[] => list.map(BigInt);
        const ones = box.map(() => 1n);
        const status = module.get_dataset_data(
          file.file_id,
          dataset.path,
          big(box),
          big(start),
          ones,
          BigInt(at),
        );
        return status < 0 ? null : module.HEAPU8.slice(at, at + size);
      } finally {
        module._free(at);
      }
    });
    if (bytes === null)
      return failed(type, 'this part of it is damaged, or asks for too much memory');
    const packed = pixelsOn(stored, bytes.buffer);
    return { pixels: shown(inOrder(packed, box, request, stored), type, bool), problem: null };
  } catch {
    return failed(type, 'this part of it is damaged, or asks for too much memory');
  }
}

function failed(type: ElementType, reason: string): Chunk {
  const problem: ChunkProblem = { state: 'corrupt', reason, goodRows: 0 };
  return { pixels: newPixels(type, 0), problem };
}

/** A box of values as a whole chunk in the order z, y, x; what lies beyond the volume is 0 and never seen. */
function inOrder(
  values: PixelArray,
  box: readonly number[],
  { dataset, axes }: Hdf5BoxRequest,
  stored: ElementType,
): PixelArray {
  const steps = box.map((_, axis) => box.slice(axis + 1).reduce((a, b) => a * b, 1));
  const of = (axis: number | null, list: readonly number[], none: number): number =>
    axis === null ? none : (list[axis] ?? none);
  const size = (list: readonly number[]): readonly [number, number, number] => [
    of(axes.z, list, 1),
    of(axes.y, list, 1),
    of(axes.x, list, 1),
  ];
  const [depth, height, width] = size(box);
  const [wholeDepth, wholeHeight, wholeWidth] = size(dataset.unit);
  const [stepZ, stepY, stepX] = [of(axes.z, steps, 0), of(axes.y, steps, 0), of(axes.x, steps, 1)];
  const packed = stepX === 1 && stepY === width && (depth === 1 || stepZ === width * height);
  if (packed && depth === wholeDepth && height === wholeHeight && width === wholeWidth)
    return values;
  const pixels = newPixels(stored, wholeDepth * wholeHeight * wholeWidth);
  const bytes = values.BYTES_PER_ELEMENT;
  const [from, to] = [bytesOf(values), bytesOf(pixels)];
  for (let z = 0; z < depth; z += 1)
    for (let y = 0; y < height; y += 1) {
      const row = (z * stepZ + y * stepY) * bytes;
      const at = (z * wholeHeight + y) * wholeWidth * bytes;
      if (stepX === 1) {
        to.set(from.subarray(row, row + width * bytes), at);
        continue;
      }
      for (let x = 0; x < width; x += 1)
        for (let byte = 0; byte < bytes; byte += 1)
          to[at + x * bytes + byte] = from[row + x * stepX * bytes + byte] ?? 0;
    }
  return pixels;
}

/** Halves become singles, truth values 0 and 255. */
function shown(values: PixelArray, type: ElementType, bool: boolean): PixelArray {
  if (bool) return Uint8Array.from(bytesOf(values), (value) => (value === 0 ? 0 : 255));
  return type === 'float16' ? widenHalf(bytesOf(values)) : values;
}
