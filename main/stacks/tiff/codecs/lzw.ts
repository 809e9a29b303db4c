import type { Decoded } from './decoded';

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const TABLE = 4096;

/**
 * TIFF's LZW: codes of 9 to 12 bits, most significant bit first, the width
 * growing one code early (TIFF 6.0, section 13). Before TIFF 5.0 the least
 * significant bit came first and the width grew one code later; such a stream
 * shows itself by its first code. Stops when `expected` bytes are there.
 */
export function decodeLzw(bytes: Uint8Array, expected: number): Decoded {
  const old = bytes[0] === 0 && ((bytes[1] ?? 0) & 1) === 1;
  const early = old ? 0 : 1;
  const data = new Uint8Array(expected);
  const prefix = new Uint16Array(TABLE);
  const suffix = new Uint8Array(TABLE);
  const lengths = new Uint16Array(TABLE);
  for (let code = 0; code < CLEAR; code += 1) {
    suffix[code] = code;
    lengths[code] = 1;
  }
  let next = FIRST;
  let width = 9;
  let previous = -1;
  let buffer = 0;
  let bits = 0;
  let at = 0;
  let done = 0;
  while (done < expected) {
    while (bits < width) {
      if (at >= bytes.length) return { data: data.subarray(0, done), problem: null };
      const byte = bytes[at] ?? 0;
      buffer = old ? buffer | (byte << bits) : ((buffer << 8) | byte) & 0xffffff;
      at += 1;
      bits += 8;
    }
    bits -= width;
    const code = (old ? buffer : buffer >> bits) & ((1 << width) - 1);
    if (old) buffer >>= width;
    if (code === END) break;
    if (code === CLEAR) {
      next = FIRST;
      width = 9;
      previous = -1;
      continue;
    }
    if (previous < 0) {
      if (code > END)
        return { data: data.subarray(0, done), problem: `LZW code ${code} too early` };
      data[done] = code;
      done += 1;
      previous = code;
      continue;
    }
    if (code > next || (code === next && next >= TABLE))
      return { data: data.subarray(0, done), problem: `LZW code ${code} is not defined` };
    const source = code < next ? code : previous;
    const length = lengths[source] ?? 0;
    const end = Math.min(done + length, expected);
    // A string's end may lie beyond what is wanted; its links are walked all the same.
    let link = source;
    let first = 0;
    for (let position = done + length - 1; position >= done; position -= 1) {
      first = suffix[link] ?? 0;
      if (position < end) data[position] = first;
      link = prefix[link] ?? 0;
    }
    done = end;
    if (code === next && done < expected) {
      data[done] = first;
      done += 1;
    }
    if (next < TABLE) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next] = (lengths[previous] ?? 0) + 1;
      next += 1;
      if (next + early >= 1 << width && width < 12) width += 1;
    }
    previous = code;
  }
  return { data: data.subarray(0, done), problem: null };
}
