import type { Decoded } from './decoded';

/** PackBits (TIFF 6.0, section 9): a run may not go beyond the expected bytes. */
export function decodePackBits(bytes: Uint8Array, expected: number): Decoded {
  const data = new Uint8Array(expected);
  let at = 0;
  let done = 0;
  while (done < expected && at < bytes.length) {
    const head = bytes[at] ?? 0;
    at += 1;
    if (head === 128) continue;
    const literal = head < 128;
    const length = literal ? head + 1 : 257 - head;
    if (done + length > expected)
      return { data: data.subarray(0, done), problem: 'a PackBits run goes beyond the block' };
    if (literal) {
      const present = Math.min(length, bytes.length - at);
      data.set(bytes.subarray(at, at + present), done);
      done += present;
      at += length;
    } else {
      const value = bytes[at];
      if (value === undefined) break;
      data.fill(value, done, done + length);
      done += length;
      at += 1;
    }
  }
  return { data: data.subarray(0, done), problem: null };
}
