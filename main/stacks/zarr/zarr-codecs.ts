import { gunzipSync, inflateSync } from 'node:zlib';
import { registry } from 'zarrita';
import { elementTypes } from '#contract/entities';
import { bytesPerSample } from '#volume/pixel-array';
import { decodeZstd } from '../tiff/codecs/zstd';
import { crc32c } from './crc32c';

type Entry = Awaited<ReturnType<Exclude<ReturnType<typeof registry.get>, undefined>>>;
type Meta = Parameters<Entry['fromConfig']>[1];
type Decode = (bytes: Uint8Array, most: number) => Uint8Array | Promise<Uint8Array>;

/** What a step of decoding may hold beyond the values: check sums, headers, data that does not compress. */
const BESIDE_BYTES = 65_536;

/** Bytes that a chunk can take at most at any step of its decoding. */
export function mostBytes(shape: readonly number[], dataType: string): number {
  const type = elementTypes.find((one) => one === dataType);
  const values = shape.reduce((product, length) => product * length, 1);
  const bytes = values * (type === undefined ? 8 : bytesPerSample(type));
  return bytes + Math.ceil(bytes / 64) + BESIDE_BYTES;
}

const neverEncodes = (): never => {
  throw new Error('chunks are only read');
};

function bounded(decode: Decode): () => Promise<Entry> {
  const entry: Entry = {
    kind: 'bytes_to_bytes',
    fromConfig: (_, { shape, dataType }: Meta) => ({
      kind: 'bytes_to_bytes',
      encode: neverEncodes,
      decode: (bytes: Uint8Array) => decode(bytes, mostBytes(shape, dataType)),
    }),
  };
  return () => Promise.resolve(entry);
}

function word(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

/** A decoder of zarrita's, asked only when the sizes that the bytes begin with are possible. */
function checked(
  name: string,
  check: (bytes: Uint8Array, most: number) => void,
): () => Promise<Entry> {
  const original = registry.get(name);
  const config = { id: name, cname: 'lz4', clevel: 5, shuffle: 1, blocksize: 0, acceleration: 1 };
  let codec: Promise<ReturnType<Entry['fromConfig']>> | null = null;
  return bounded(async (bytes, most) => {
    check(bytes, most);
    codec ??= (original ?? neverEncodes)().then((entry) =>
      entry.fromConfig(config, { dataType: 'uint8', shape: [1], codecs: [], fillValue: null }),
    );
    return await (await codec).decode(bytes);
  });
}

/** Blosc 1 (its README_CHUNK_FORMAT): bytes 4 to 7 are the decoded size, 12 to 15 the encoded one. */
function checkBlosc(bytes: Uint8Array, most: number): void {
  if (bytes.length < 16) throw new Error('it ends within its header');
  if (word(bytes, 4) > most) throw new Error(`it would decode to ${word(bytes, 4)} bytes`);
  if (word(bytes, 12) > bytes.length)
    throw new Error(`it ends after ${bytes.length} of ${word(bytes, 12)} bytes`);
}

/** LZ4 as numcodecs has it: four bytes of the decoded size come first. */
function checkLz4(bytes: Uint8Array, most: number): void {
  if (bytes.length < 5) throw new Error('it ends within its header');
  if (word(bytes, 0) > most) throw new Error(`it would decode to ${word(bytes, 0)} bytes`);
}

const checkSum: Entry = {
  kind: 'bytes_to_bytes',
  fromConfig: () => ({
    kind: 'bytes_to_bytes',
    encode: neverEncodes,
    decode: (bytes: Uint8Array) => {
      const end = bytes.length - 4;
      if (end < 0 || crc32c(bytes.subarray(0, end)) !== word(bytes, end))
        throw new Error('its check sum is wrong');
      return bytes.subarray(0, end);
    },
    computeEncodedSize: (size: number) => size + 4,
  }),
};

let ready = false;

/**
 * Puts decoders that never give more than a chunk can hold in the place of
 * zarrita's own, which follow a stream to wherever it leads, and one that looks
 * at check sums.
 */
export function useBoundedCodecs(): void {
  if (ready) return;
  ready = true;
  const own: Readonly<Record<string, () => Promise<Entry>>> = {
    gzip: bounded((bytes, most) => gunzipSync(bytes, { maxOutputLength: most })),
    zlib: bounded((bytes, most) => inflateSync(bytes, { maxOutputLength: most })),
    zstd: bounded(async (bytes, most) => {
      const { data, problem } = await decodeZstd(bytes, most);
      if (problem !== null) throw new Error(problem);
      return data;
    }),
    blosc: checked('blosc', checkBlosc),
    lz4: checked('lz4', checkLz4),
    crc32c: () => Promise.resolve(checkSum),
  };
  for (const [name, codec] of Object.entries(own)) {
    registry.set(name, codec);
    registry.set(`numcodecs.${name}`, codec);
  }
}
