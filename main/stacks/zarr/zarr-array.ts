import { z } from 'zod';
import type { ElementType } from '#contract/entities';
import { bytesPerSample } from '#volume/pixel-array';
import { limits } from '../tiff/container/limits';
import { fillValue, type StoredType } from './fill-value';
import type { NodeMetadata } from './read-metadata';
import { assertCodecs, plainName } from './zarr-codec-settings';
import { corruptZarr, tooLargeZarr, unsupportedZarr } from './zarr-errors';

/** An array of a Zarr as its metadata describe it, checked; plain data that travels to a worker. */
export interface ZarrArray extends StoredType {
  readonly format: 2 | 3;
  readonly shape: readonly number[];
  /** Of the chunks that are decoded at once: of a sharded array the inner ones. */
  readonly chunk: readonly number[];
  /** Of the files: the shards of a sharded array, else the chunks. */
  readonly fileChunk: readonly number[];
  readonly byteOrder: 'little' | 'big';
  /** Between the numbers of a chunk's name, and what stands before them. */
  readonly separator: '.' | '/';
  readonly prefix: '' | 'c';
  readonly compression: string;
  readonly dimensionNames: readonly string[] | null;
  /** What stands for a chunk that a shard leaves out is a value of this type. */
  readonly isFillKnown: boolean;
  /** The metadata again, for the decoder: only what was understood. */
  readonly document: string;
}

const size = z
  .int()
  .min(1)
  .max(2 ** 40);
const shape = z.array(size).min(1).max(8);
const named = z.object({
  name: z.string().max(100),
  configuration: z.record(z.string(), z.unknown()).default({}),
});
/** zarr.json may give the name alone. */
const Codec = z.union([
  z
    .string()
    .max(100)
    .transform((name): z.infer<typeof named> => ({ name, configuration: {} })),
  named,
]);
type Codec = z.infer<typeof Codec>;
const V2Codec = z.looseObject({ id: z.string().max(100) });

const Array2 = z.object({
  shape,
  chunks: shape,
  dtype: z.unknown(),
  compressor: V2Codec.nullish().transform((codec) => codec ?? null),
  filters: z
    .array(V2Codec)
    .max(8)
    .nullish()
    .transform((filters) => filters ?? []),
  order: z.enum(['C', 'F']).default('C'),
  dimension_separator: z.enum(['.', '/']).default('.'),
});

const KeyEncoding = z.object({
  name: z.enum(['default', 'v2']),
  configuration: z.object({ separator: z.enum(['.', '/']).optional() }).optional(),
});
const Array3 = z.object({
  shape,
  data_type: z.unknown(),
  fill_value: z.unknown(),
  chunk_grid: z.object({ name: z.string(), configuration: z.object({ chunk_shape: shape }) }),
  chunk_key_encoding: KeyEncoding,
  codecs: z.array(Codec).min(1).max(16),
  dimension_names: z.array(z.string().nullable()).nullish(),
  storage_transformers: z.array(z.unknown()).max(0).optional(),
});
const Sharding = z.object({
  chunk_shape: shape,
  codecs: z.array(Codec).min(1).max(16),
  index_codecs: z.array(Codec).min(1).max(4),
  index_location: z.enum(['start', 'end']).default('end'),
});

/** Letters and bytes of NumPy's types. */
const numpy: Readonly<Record<string, ElementType | 'bool'>> = {
  b1: 'bool',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};
const types = new Set<string>(Object.values(numpy));
const compressors = new Set(['gzip', 'zlib', 'zstd', 'blosc', 'lz4']);

function storedType(name: string, type: string): Pick<ZarrArray, 'type' | 'stored' | 'bool'> {
  const known = types.has(type);
  if (!known) throw unsupportedZarr(name, `values of the type “${type.slice(0, 40)}”`);
  if (type === 'bool') return { type: 'uint8', stored: 'uint8', bool: true };
  const found = Object.values(numpy).find((one) => one === type);
  const element = found === undefined || found === 'bool' ? 'uint8' : found;
  return { type: element, stored: element === 'float16' ? 'uint16' : element, bool: false };
}

function assertSizes(name: string, { shape: sizes, chunk, fileChunk, type }: ZarrArray): void {
  const whole = sizes.length;
  if (chunk.length !== whole || fileChunk.length !== whole)
    throw corruptZarr(name, `its chunks have ${chunk.length} axes and it has ${whole}`);
  const bytes = chunk.reduce((product, length) => product * length, bytesPerSample(type));
  if (bytes > limits.decodedBlockBytes)
    throw tooLargeZarr(name, `chunks of ${Math.round(bytes / 2 ** 20)} MiB (${chunk.join(' × ')})`);
  const inner = fileChunk.reduce(
    (product, length, axis) => product * (length / (chunk[axis] ?? 1)),
    1,
  );
  if (!Number.isInteger(inner)) throw corruptZarr(name, 'its shards are no whole number of chunks');
  if (inner > 2 ** 22) throw tooLargeZarr(name, `${inner} chunks in one shard`);
}

/** @throws MembranaError stack.corrupt naming the field, stack.unsupported naming what we lack, stack.too-large */
export function parseArray(name: string, { format, document }: NodeMetadata): ZarrArray {
  const array = format === 2 ? parseArray2(name, document) : parseArray3(name, document);
  assertSizes(name, array);
  return array;
}

function understood<T>(name: string, parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw corruptZarr(name, `the description of the array makes no sense${where.slice(0, 160)}`);
}

function parseArray2(name: string, json: unknown): ZarrArray {
  const found = understood(name, Array2.safeParse(json));
  const dtype = typeof found.dtype === 'string' ? found.dtype : 'a structure';
  const match = /^([<>|])([a-z]\d+)$/.exec(dtype);
  const kind = storedType(name, numpy[match?.[2] ?? ''] ?? dtype);
  const big = match?.[1] === '>';
  const letters = Object.entries(numpy).find(([, type]) => type === kind.stored)?.[0] ?? 'u1';
  const order = kind.bool || letters.endsWith('1') ? '|' : big ? '>' : '<';
  const filters = [...found.filters, ...(found.compressor === null ? [] : [found.compressor])];
  assertCodecs(
    name,
    filters.map(({ id, ...configuration }) => ({ name: id, configuration })),
    { ...kind, rank: found.shape.length, dtype: `${order}${letters}` },
  );
  const stored = { ...found, zarr_format: 2, dtype: `${order}${letters}`, fill_value: 0 };
  return {
    format: 2,
    shape: found.shape,
    chunk: found.chunks,
    fileChunk: found.chunks,
    ...kind,
    byteOrder: big ? 'big' : 'little',
    separator: found.dimension_separator,
    prefix: '',
    compression: found.compressor === null ? 'raw chunks' : plainName(found.compressor.id),
    dimensionNames: null,
    isFillKnown: true,
    document: JSON.stringify(stored),
  };
}

function parseArray3(name: string, json: unknown): ZarrArray {
  const found = understood(name, Array3.safeParse(json));
  if (found.chunk_grid.name !== 'regular')
    throw unsupportedZarr(name, `chunks of the kind “${found.chunk_grid.name.slice(0, 40)}”`);
  const { data_type: dataType } = found;
  const kind = storedType(name, typeof dataType === 'string' ? dataType : 'a structure');
  const outer = found.codecs.find((codec) => codec.name === 'sharding_indexed');
  const fileChunk = found.chunk_grid.configuration.chunk_shape;
  const shard =
    outer === undefined ? null : understood(name, Sharding.safeParse(outer.configuration));
  if (shard !== null && found.codecs.length > 1)
    throw unsupportedZarr(name, 'codecs around its shards');
  if (shard?.index_location === 'start')
    throw unsupportedZarr(name, 'shards with their index at the start');
  const codecs = shard?.codecs ?? found.codecs;
  const letters = Object.entries(numpy).find(([, type]) => type === kind.stored)?.[0] ?? 'u1';
  const rank = found.shape.length;
  assertCodecs(name, codecs, { ...kind, rank, dtype: `<${letters}` });
  // An index is a table of 64-bit numbers, with one axis more.
  const index = { type: 'uint64', stored: 'uint64', bool: false, dtype: '<u8' } as const;
  assertCodecs(name, shard?.index_codecs ?? [], { ...index, rank: rank + 1 });
  const fill = fillValue(found.fill_value, kind);
  const { name: encoding, configuration } = found.chunk_key_encoding;
  const separator = configuration?.separator ?? (encoding === 'default' ? '/' : '.');
  return {
    format: 3,
    shape: found.shape,
    chunk: shard?.chunk_shape ?? fileChunk,
    fileChunk,
    ...kind,
    byteOrder: isBigEndian(codecs) ? 'big' : 'little',
    separator,
    prefix: encoding === 'default' ? 'c' : '',
    compression:
      codecs.map((codec) => plainName(codec.name)).find((one) => compressors.has(one)) ??
      'raw chunks',
    dimensionNames: found.dimension_names?.map((axis) => axis ?? '') ?? null,
    isFillKnown: fill !== null,
    document: JSON.stringify({
      ...found,
      zarr_format: 3,
      node_type: 'array',
      ...(shard === null ? {} : { codecs: [{ name: 'sharding_indexed', configuration: shard }] }),
      data_type: kind.stored,
      fill_value: fill ?? 0,
      attributes: {},
    }),
  };
}

function isBigEndian(codecs: readonly Codec[]): boolean {
  const bytes = codecs.find((codec) => codec.name === 'bytes');
  return bytes?.configuration['endian'] === 'big';
}

/** The name of the file that holds the (file) chunk at `place`, relative to the array. */
export function fileName({ prefix, separator }: ZarrArray, place: readonly number[]): string {
  return [...(prefix === '' ? [] : [prefix]), ...place].join(separator);
}
