import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halveIds, mostOf } from './halve-ids';

/** By counting all four. */
function naiveMost(four: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const id of four) if (id !== 0) counts.set(id, (counts.get(id) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return four.find((id) => id !== 0 && counts.get(id) === most) ?? 0;
}

const id = fc.constantFrom(0, 0, 1, 2, 16_777_217, 16_777_218, 2 ** 32 - 1);

describe('ids at half size', () => {
  it('are what most of four pixels have, a cell before no cell, exact above 2²⁴', () => {
    fc.assert(
      fc.property(id, id, id, id, (a, b, c, d) => {
        expect(mostOf(a, b, c, d)).toBe(naiveMost([a, b, c, d]));
      }),
      { seed: 2026 },
    );
    expect(mostOf(0, 0, 0, 7)).toBe(7);
  });

  it('go on beyond an odd edge as they are', () => {
    const ids = Uint32Array.of(1, 1, 2, 1, 1, 2, 3, 3, 4_000_000_000);
    expect([...halveIds(ids, 3, 3)]).toEqual([1, 2, 3, 4_000_000_000]);
    expect(halveIds(Uint16Array.of(5, 0), 2, 1)).toEqual(Uint16Array.of(5));
  });
});
