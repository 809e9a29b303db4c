import type { ElementType } from '#contract/entities';

/** 2 = Zarr v2 (OME-Zarr 0.4), 3 = Zarr v3 in shards (OME-Zarr 0.5). */
export type ZarrVersion = 2 | 3;

/** One array: a resolution of an image. Lengths are z, y, x. */
export interface ArrayLayout {
  readonly shape: readonly [number, number, number];
  /** What is compressed and read at once: a piece of one slice. */
  readonly chunk: readonly [number, number, number];
  /** What lies in one file of version 3; whole chunks. */
  readonly shard: readonly [number, number, number];
  readonly type: StoredType;
}

export type StoredType = Exclude<ElementType, 'float16'>;

const CHUNK_SIDE = 512;
/** Chunks of a shard along rows and columns, and its slices. */
const SHARD_CHUNKS = 8;
const SHARD_SLICES = 64;
const GZIP_LEVEL = 1;

export function arrayLayout(
  shape: readonly [number, number, number],
  type: StoredType,
): ArrayLayout {
  const [depth, height, width] = shape;
  const side = (length: number): number => Math.min(CHUNK_SIDE, length);
  const whole = (length: number): number =>
    side(length) * Math.min(SHARD_CHUNKS, Math.ceil(length / side(length)));
  return {
    ...{ shape, type },
    chunk: [1, side(height), side(width)],
    shard: [Math.min(SHARD_SLICES, depth), whole(height), whole(width)],
  };
}

const v2Types: Readonly<Record<StoredType, string>> = {
  uint8: '|u1',
  int8: '|i1',
  uint16: '<u2',
  int16: '<i2',
  uint32: '<u4',
  int32: '<i4',
  uint64: '<u8',
  int64: '<i8',
  float32: '<f4',
  float64: '<f8',
};

/** The array's metadata file, by name. */
export function arrayMetadata(
  { shape, chunk, shard, type }: ArrayLayout,
  version: ZarrVersion,
): { readonly name: string; readonly content: object } {
  if (version === 2)
    return {
      name: '.zarray',
      content: {
        zarr_format: 2,
        ...{ shape, chunks: chunk },
        dtype: v2Types[type],
        compressor: { id: 'gzip', level: GZIP_LEVEL },
        ...{ fill_value: 0, order: 'C', filters: null, dimension_separator: '/' },
      },
    };
  const bytes = { name: 'bytes', configuration: { endian: 'little' } };
  const gzip = { name: 'gzip', configuration: { level: GZIP_LEVEL } };
  return {
    name: 'zarr.json',
    content: {
      ...{ zarr_format: 3, node_type: 'array', shape, data_type: type },
      chunk_grid: { name: 'regular', configuration: { chunk_shape: shard } },
      chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
      fill_value: 0,
      codecs: [
        {
          name: 'sharding_indexed',
          configuration: {
            chunk_shape: chunk,
            codecs: [bytes, gzip],
            index_codecs: [bytes, { name: 'crc32c' }],
            index_location: 'end',
          },
        },
      ],
      dimension_names: ['z', 'y', 'x'],
      attributes: {},
    },
  };
}
