import { bytesPerSample } from '#volume/pixel-array';
import type { StoredType } from './fill-value';
import { unsupportedZarr } from './zarr-errors';

/** A codec as metadata name it. */
export interface CodecUse {
  readonly name: string;
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** What codecs work on; `dtype` is the type of the stored values in NumPy's words. */
interface Values extends StoredType {
  readonly rank: number;
  readonly dtype: string;
}

/** What zarrita decodes and we bound; the names of version 2 stand in files of version 3 with "numcodecs.". */
const readable = new Set([
  'bytes',
  'transpose',
  'crc32c',
  'gzip',
  'zlib',
  'zstd',
  'blosc',
  'lz4',
  'shuffle',
  'delta',
]);

export const plainName = (codec: string): string => codec.replace(/^numcodecs\./, '');

/** @throws MembranaError stack.unsupported for a codec, or settings of one, that would not give the values back */
export function assertCodecs(name: string, codecs: readonly CodecUse[], values: Values): void {
  for (const codec of codecs) {
    const plain = plainName(codec.name);
    if (!readable.has(plain)) throw unsupportedZarr(name, `the codec “${codec.name}”`);
    if (isUnderstood(plain, codec.configuration, values)) continue;
    const settings = JSON.stringify(codec.configuration).slice(0, 80);
    throw unsupportedZarr(name, `the codec “${plain}” with ${settings} over ${values.type}`);
  }
}

/** The decoder takes the array's own type for granted and passes over what contradicts it. */
function isUnderstood(codec: string, settings: CodecUse['configuration'], values: Values): boolean {
  const { dtype, astype = dtype, elementsize = 4, endian = 'little', order = 'C' } = settings;
  switch (codec) {
    case 'bytes':
      return endian === 'little' || endian === 'big';
    case 'transpose':
      return order === 'C' || order === 'F' || isPermutation(order, values.rank);
    case 'shuffle':
      return elementsize === bytesPerSample(values.stored);
    case 'delta':
      return (
        values.type !== 'float16' &&
        !values.bool &&
        [dtype, astype].every((one) => sameType(one, values.dtype))
      );
    default:
      return true;
  }
}

function isPermutation(order: unknown, rank: number): boolean {
  if (!Array.isArray(order) || order.length !== rank) return false;
  const axes = new Set<unknown>(order);
  return Array.from({ length: rank }, (_, axis) => axis).every((axis) => axes.has(axis));
}

/** The order of bytes says nothing of a type of one byte. */
function sameType(told: unknown, dtype: string): boolean {
  const plain = (text: string): string => (text.endsWith('1') ? text.slice(-2) : text);
  return typeof told === 'string' && plain(told) === plain(dtype);
}
