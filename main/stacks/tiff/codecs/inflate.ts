import { constants, createInflate, inflateSync } from 'node:zlib';
import type { Decoded } from './decoded';

/** Deflate with a zlib header, never more than `expected` bytes of it. */
export async function decodeDeflate(bytes: Uint8Array, expected: number): Promise<Decoded> {
  if (bytes.byteLength === 0) return { data: new Uint8Array(0), problem: null };
  try {
    const data = inflateSync(bytes, {
      maxOutputLength: expected,
      chunkSize: Math.min(Math.max(expected + 1, 64), 2 ** 22),
      // A stream that just ends gives what it held, instead of nothing.
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    return { data, problem: null };
  } catch {
    return inflatePrefix(bytes, expected);
  }
}

/** How far a stream is followed beyond what is wanted, to see whether it is sound. */
const BEYOND_BYTES = 2 ** 22;

/**
 * The slow road for streams that are damaged or longer than expected: as much as
 * can be had. The last strip of some writers holds the rows of a whole one, so
 * more is no damage; a longer stream with an error in it, or without an end, is.
 */
function inflatePrefix(bytes: Uint8Array, expected: number): Promise<Decoded> {
  return new Promise((resolve) => {
    const data = new Uint8Array(expected);
    let done = 0;
    let beyond = 0;
    const inflate = createInflate({ chunkSize: 65_536 });
    const finish = (problem: string | null): void => {
      inflate.destroy();
      resolve({ data: data.subarray(0, done), problem });
    };
    inflate.on('data', (chunk: Uint8Array) => {
      const part = chunk.subarray(0, expected - done);
      data.set(part, done);
      done += part.byteLength;
      beyond += chunk.byteLength - part.byteLength;
      if (beyond > BEYOND_BYTES) finish(null);
    });
    inflate.on('end', () => finish(null));
    inflate.on('error', (error: Error) => finish(`deflate: ${error.message}`));
    inflate.end(bytes);
  });
}
