import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MembranaError } from '#contract/errors';
import { describeStack } from '../describe';
import { withStack } from './testing/opened';

const signal = new AbortController().signal;
const names = [
  'deflate-u8',
  'lzw-predictor-u16',
  'tiles-u16',
  'bigtiff-be-u16',
  'ome-zyx',
  'imagej-hyperstack',
  'libtiff-packbits',
  'jpeg-grey',
  'zstd-f32',
];
const files = names.map((name) => readFileSync(new URL(`fixtures/${name}.tif`, import.meta.url)));

/** Opens and reads everything; the only ways out are an answer and a typed error. */
async function endsWell(bytes: Uint8Array): Promise<void> {
  try {
    await withStack(bytes, (source) => describeStack(source, { digest: true, signal }));
  } catch (error) {
    if (!(error instanceof MembranaError)) throw error;
    expect(error.hint).not.toBe('');
  }
}

describe('whatever happens to a file', () => {
  it('a flipped byte ends in an answer or a typed error', { timeout: 60_000 }, async () => {
    const flips = fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
      ),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), flips, async (file, changes) => {
        const bytes = Buffer.from(file);
        for (const [where, change] of changes) {
          // Half of the flips go where the structure is.
          const at = Math.floor((where < 0.5 ? where * 2 * 0.02 : where) * bytes.length);
          bytes[at]! ^= change;
        }
        await endsWell(bytes);
      }),
      { numRuns: 400, seed: 2026 },
    );
  });

  it('a cut anywhere ends in an answer or a typed error', { timeout: 60_000 }, async () => {
    const cut = fc.tuple(fc.constantFrom(...files), fc.double({ min: 0, max: 1, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(cut, async ([file, part]) => {
        await endsWell(file.subarray(0, Math.floor(part * file.length)));
      }),
      { numRuns: 150, seed: 2026 },
    );
  });

  it('a cut never passes for a complete stack', { timeout: 60_000 }, async () => {
    for (const file of files) {
      const whole = await withStack(file, (source) =>
        describeStack(source, { digest: true, signal }),
      );
      // From where the last strip surely lacks something.
      const bytes = file.subarray(0, Math.floor(file.length * 0.4));
      try {
        const left = await withStack(bytes, (source) =>
          describeStack(source, { digest: true, signal }),
        );
        const complete =
          left.pages.every(({ state }) => state === 'ok') && left.depth === whole.depth;
        expect(complete && left.warnings.length === 0).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(MembranaError);
      }
    }
  });
});
