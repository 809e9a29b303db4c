import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { naturalOrder } from './natural-order';

const name = fc
  .array(fc.oneof(fc.nat(300).map(String), fc.constantFrom('a', 'B', '_', '.', '007', 'ä')), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

describe('the order of numbered names', () => {
  it('is that of the numbers, with and without leading zeros', () => {
    const names = [
      's10.png',
      's9.png',
      'S1.png',
      's002.png',
      's100.png',
      's2b.png',
      's2a10.png',
      's2a9.png',
    ];
    expect(names.sort(naturalOrder)).toEqual([
      'S1.png',
      's002.png',
      's2a9.png',
      's2a10.png',
      's2b.png',
      's9.png',
      's10.png',
      's100.png',
    ]);
  });

  it('puts numbers of any length where they belong', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 40n),
        fc.bigInt(0n, 10n ** 40n),
        fc.nat(4),
        (a, b, zeros) => {
          const order = naturalOrder(`z${'0'.repeat(zeros)}${a}.tif`, `z${b}.tif`);
          if (a !== b) expect(Math.sign(order)).toBe(a < b ? -1 : 1);
        },
      ),
      { seed: 11 },
    );
  });

  it('is a total order, whatever the names', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0);
        expect(naturalOrder(a, b) === 0).toBe(a === b);
        if (naturalOrder(a, b) <= 0 && naturalOrder(b, c) <= 0)
          expect(naturalOrder(a, c)).toBeLessThanOrEqual(0);
      }),
      { seed: 12, numRuns: 2000 },
    );
  });

  it('does not depend on the order in which a folder lists them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), (names) => {
        expect([...names].reverse().sort(naturalOrder)).toEqual([...names].sort(naturalOrder));
      }),
      { seed: 13 },
    );
  });
});
