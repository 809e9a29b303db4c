import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeZstdFrames } from './frame';

/** The one strip of a picture that libtiff wrote, as a stream without its size; and the picture. */
function strip(): { encoded: Uint8Array; expected: number } {
  const file = readFileSync(new URL('../../fixtures/libtiff-zstd.tif', import.meta.url));
  const start = file.indexOf(Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd]));
  return { encoded: file.subarray(start), expected: 52 * 40 };
}
const { encoded, expected } = strip();
const whole = decodeZstdFrames(encoded, expected);

describe('a Zstandard stream that does not tell its size', () => {
  it('is never more than what is wanted', () => {
    expect([whole.problem, whole.data.length]).toEqual([null, expected]);
    const part = decodeZstdFrames(encoded, 100);
    expect(Buffer.from(part.data).equals(whole.data.subarray(0, 100))).toBe(true);
    const run = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 0xfb, 0xff, 0xff, 7]);
    expect(decodeZstdFrames(run, 10).data).toEqual(new Uint8Array(10).fill(7));
  });

  it('that is cut gives what it held, or a reason, and never another picture', () => {
    for (let length = 0; length < encoded.length; length += 7) {
      const { data, problem } = decodeZstdFrames(encoded.subarray(0, length), expected);
      if (problem === null && data.length > 0)
        expect(Buffer.from(data).equals(whole.data.subarray(0, data.length))).toBe(true);
    }
  });

  it('that is damaged ends, in bytes or a reason', () => {
    for (let at = 0; at < Math.min(encoded.length, 400); at += 1)
      for (const flip of [1, 0x80, 0xff]) {
        const damaged = Uint8Array.from(encoded);
        damaged[at]! ^= flip;
        const { data } = decodeZstdFrames(damaged, expected);
        expect(data.length).toBeLessThanOrEqual(expected);
      }
  });

  it.each([
    ['is something else', [1, 2, 3, 4, 5, 6, 7, 8, 9], /not a zstd frame/],
    ['needs a dictionary', [0x28, 0xb5, 0x2f, 0xfd, 1, 0x58, 9, 1, 0, 0], /dictionary/],
    ['has a block of unknown kind', [0x28, 0xb5, 0x2f, 0xfd, 0, 0x58, 7, 0, 0, 0], /unknown kind/],
  ])('is refused when it %s', (_, bytes, reason) => {
    expect(decodeZstdFrames(Uint8Array.from(bytes), 10).problem).toMatch(reason);
  });
});
