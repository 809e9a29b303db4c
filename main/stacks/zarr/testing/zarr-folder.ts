import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { bytesOf, newPixels, type PixelArray } from '#volume/pixel-array';
import type { ElementType } from '#contract/entities';
import { crc32c } from '../crc32c';

/** An array as a test wants it written. */
export interface TestArray {
  readonly format: 2 | 3;
  readonly shape: readonly number[];
  readonly chunk: readonly number[];
  /** Version 3 only: chunks lie in shards of this size. */
  readonly shard?: readonly number[];
  readonly type: ElementType;
  readonly compress?: 'gzip' | 'zlib';
  readonly separator?: '.' | '/';
  readonly bigEndian?: boolean;
  readonly order?: 'C' | 'F';
  /** The value at a place, by the axes of the array. */
  readonly value: (place: readonly number[]) => number;
  /** Chunks (shards) that are not written, and inner chunks that a shard leaves out. */
  readonly leaveOut?: (place: readonly number[]) => boolean;
  readonly fill?: number;
  /** Laid over the metadata. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const numpy: Readonly<Partial<Record<ElementType, string>>> = {
  uint8: 'u1',
  uint16: 'u2',
  uint32: 'u4',
  int16: 'i2',
  float32: 'f4',
  uint64: 'u8',
};

/** What a list says of an axis. */
const along = (list: readonly number[], axis: number): number => list[axis] ?? 1;

function* places(grid: readonly number[]): Generator<number[]> {
  const total = grid.reduce((product, count) => product * count, 1);
  for (let number = 0; number < total; number += 1) {
    let left = number;
    const place = grid.map(() => 0);
    for (let axis = grid.length - 1; axis >= 0; axis -= 1) {
      place[axis] = left % along(grid, axis);
      left = Math.floor(left / along(grid, axis));
    }
    yield place;
  }
}

/** Values of the chunk at `place`, padded to its full size; those beyond the array are 99. */
function chunkValues(
  { chunk, shape, type, value, order }: TestArray,
  place: readonly number[],
): PixelArray {
  const pixels = newPixels(
    type,
    chunk.reduce((product, length) => product * length, 1),
  );
  for (const inner of places(chunk)) {
    let at = 0;
    const axes = chunk.map((_, axis) => axis);
    for (const axis of order === 'F' ? axes.reverse() : axes)
      at = at * along(chunk, axis) + along(inner, axis);
    const world = inner.map((offset, axis) => along(place, axis) * along(chunk, axis) + offset);
    const inside = world.every((offset, axis) => offset < along(shape, axis));
    const found = inside ? value(world) : 99;
    if (pixels instanceof BigUint64Array || pixels instanceof BigInt64Array)
      pixels[at] = BigInt(found);
    else pixels[at] = found;
  }
  return pixels;
}

function encode(array: TestArray, pixels: PixelArray): Uint8Array {
  const bytes = Buffer.from(bytesOf(pixels));
  if (array.bigEndian === true) {
    if (pixels.BYTES_PER_ELEMENT === 2) bytes.swap16();
    if (pixels.BYTES_PER_ELEMENT === 4) bytes.swap32();
  }
  if (array.compress === 'gzip') return gzipSync(bytes);
  return array.compress === 'zlib' ? deflateSync(bytes) : bytes;
}

function metadataOf(array: TestArray): Record<string, unknown> {
  const { shape, chunk, shard, type, compress, bigEndian, fill = 0, order = 'C' } = array;
  if (array.format === 2) {
    const letters = numpy[type] ?? 'u1';
    const compressor = compress === undefined ? null : { id: compress, level: 1 };
    return {
      zarr_format: 2,
      shape,
      chunks: chunk,
      dtype: `${letters.endsWith('1') ? '|' : bigEndian === true ? '>' : '<'}${letters}`,
      compressor,
      fill_value: fill,
      filters: null,
      order,
      dimension_separator: array.separator ?? '.',
    };
  }
  const codecs = [
    { name: 'bytes', configuration: { endian: bigEndian === true ? 'big' : 'little' } },
    ...(compress === undefined ? [] : [{ name: compress, configuration: { level: 1 } }]),
  ];
  const index = [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }];
  const sharding = { chunk_shape: chunk, codecs, index_codecs: index, index_location: 'end' };
  return {
    zarr_format: 3,
    node_type: 'array',
    shape,
    data_type: type,
    chunk_grid: { name: 'regular', configuration: { chunk_shape: shard ?? chunk } },
    chunk_key_encoding: { name: 'default', configuration: { separator: array.separator ?? '/' } },
    fill_value: fill,
    codecs: shard === undefined ? codecs : [{ name: 'sharding_indexed', configuration: sharding }],
    attributes: {},
  };
}

/** The bytes of a shard: its chunks, then where each lies, then a check sum. */
function shardBytes(array: TestArray, shard: readonly number[], place: readonly number[]): Buffer {
  const grid = shard.map((length, axis) => length / along(array.chunk, axis));
  const parts: Uint8Array[] = [];
  const index: bigint[] = [];
  let end = 0;
  for (const inner of places(grid)) {
    const world = inner.map((offset, axis) => along(place, axis) * along(grid, axis) + offset);
    if (array.leaveOut?.(world) === true) {
      index.push(2n ** 64n - 1n, 2n ** 64n - 1n);
      continue;
    }
    const bytes = encode(array, chunkValues(array, world));
    index.push(BigInt(end), BigInt(bytes.length));
    parts.push(bytes);
    end += bytes.length;
  }
  const table = Buffer.from(BigUint64Array.from(index).buffer);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(table));
  return Buffer.concat([...parts, table, sum]);
}

/** Writes an array to `folder`, byte by byte as the specification says. */
export async function writeArray(folder: string, array: TestArray): Promise<void> {
  const { format, shape, chunk, shard } = array;
  await mkdir(folder, { recursive: true });
  const document = JSON.stringify({ ...metadataOf(array), ...array.metadata });
  await writeFile(join(folder, format === 2 ? '.zarray' : 'zarr.json'), document);
  const outer = shard ?? chunk;
  for (const place of places(shape.map((size, axis) => Math.ceil(size / along(outer, axis))))) {
    if (shard === undefined && array.leaveOut?.(place) === true) continue;
    const separator = array.separator ?? (format === 2 ? '.' : '/');
    const path = join(folder, [...(format === 3 ? ['c'] : []), ...place].join(separator));
    await mkdir(dirname(path), { recursive: true });
    const bytes =
      shard === undefined
        ? encode(array, chunkValues(array, place))
        : shardBytes(array, shard, place);
    await writeFile(path, bytes);
  }
}

/** An OME-Zarr image of the given resolutions, native first; `axes` by name, voxels of 4 × 4 × 50 nm. */
export async function writeImage(
  folder: string,
  levels: readonly TestArray[],
  {
    axes = ['z', 'y', 'x'],
    attributes = {},
  }: { readonly axes?: readonly string[]; readonly attributes?: object } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const space = (axis: string): object => ({ name: axis, type: 'space', unit: 'nanometer' });
  const multiscale = {
    axes: axes.map((axis) =>
      'zyx'.includes(axis) ? space(axis) : { name: axis, type: axis === 'c' ? 'channel' : 'time' },
    ),
    datasets: levels.map((_, level) => ({
      path: String(level),
      coordinateTransformations: [
        {
          type: 'scale',
          scale: axes.map((axis) => (axis === 'z' ? 50 : 'yx'.includes(axis) ? 4 * 2 ** level : 1)),
        },
      ],
    })),
  };
  const three = levels[0]?.format === 3;
  const described = three
    ? { ome: { version: '0.5', multiscales: [multiscale] }, ...attributes }
    : { multiscales: [{ ...multiscale, version: '0.4' }], ...attributes };
  if (three)
    await writeFile(
      join(folder, 'zarr.json'),
      JSON.stringify({ zarr_format: 3, node_type: 'group', attributes: described }),
    );
  else {
    await writeFile(join(folder, '.zgroup'), JSON.stringify({ zarr_format: 2 }));
    await writeFile(join(folder, '.zattrs'), JSON.stringify(described));
  }
  for (const [level, array] of levels.entries())
    await writeArray(join(folder, String(level)), array);
}
