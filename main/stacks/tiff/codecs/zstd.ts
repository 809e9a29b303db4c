import * as zlib from 'node:zlib';
import { getDecoder } from 'geotiff';
import type { Decoded } from './decoded';
import { decodeZstdFrames } from './zstandard/frame';

type ZstdSync = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array;

/** Node's own decoder, from 22.15 on. */
function nodeZstd(): ZstdSync | null {
  const found: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  return typeof found === 'function'
    ? (bytes, options) => zlib.zstdDecompressSync(bytes, options)
    : null;
}

/** Content size told by a frame header (RFC 8878, 3.1.1.1); null where it isn't a frame, or isn't told. */
export function zstdContentSize(bytes: Uint8Array): number | null {
  if (bytes.length < 6) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== 0xfd2fb528) return null;
  const descriptor = view.getUint8(4);
  const single = (descriptor & 32) !== 0;
  const sizeFlag = descriptor >> 6;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (single ? 0 : 1) + dictionaryBytes;
  const size = sizeFlag === 0 ? (single ? 1 : 0) : 2 ** sizeFlag;
  if (size === 0 || at + size > bytes.length) return null;
  switch (size) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}

/** Zstandard of at most `expected` bytes. */
export async function decodeZstd(encoded: Uint8Array, expected: number): Promise<Decoded> {
  const none = new Uint8Array(0);
  const native = nodeZstd();
  if (native !== null)
    return { data: native(encoded, { maxOutputLength: expected }), problem: null };
  const size = zstdContentSize(encoded);
  // Streaming writers (libtiff) don't tell the size; geotiff's decoder can't be bounded there.
  if (size === null) return decodeZstdFrames(encoded, expected);
  if (size > expected)
    return { data: none, problem: `a zstd frame of ${size} bytes in a block of ${expected}` };
  const decoder = await getDecoder(50000, {
    tileWidth: 1,
    tileHeight: 1,
    predictor: 1,
    bitsPerSample: 8,
    planarConfiguration: 1,
  });
  const data = new Uint8Array(await decoder.decodeBlock(encoded.slice().buffer));
  if (data.byteLength !== size) return { data: none, problem: 'damaged zstd data' };
  return { data, problem: null };
}
