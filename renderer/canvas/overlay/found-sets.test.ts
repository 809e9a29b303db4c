import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstFound, FoundSets } from './found-sets';

const found = [
  { id: 7, name: 'a', from: 128 },
  { id: 3, name: 'b', from: 1 },
  { id: 90, name: 'c', from: 255 },
];
const maps = fc.tuple(
  ...found.map(() =>
    fc.option(fc.uint8Array({ minLength: 40, maxLength: 40 }), { nil: null, freq: 5 }),
  ),
);

describe('the classes whose maps have a pixel', () => {
  it('are those that reach their thresholds, in their order, under one number for equal ones', () => {
    fc.assert(
      fc.property(maps, (tiles) => {
        const sets = new FoundSets(found);
        const numbers = new Map<string, number>();
        for (let i = 0; i < 40; i += 1) {
          const ids = found
            .filter(({ from }, k) => (tiles[k]?.[i] ?? -1) >= from)
            .map(({ id }) => id);
          const set = sets.at(tiles, i);
          expect(sets.classesOf(set)).toEqual(ids);
          const key = ids.join(' ');
          expect(numbers.get(key) ?? set).toBe(set);
          numbers.set(key, set);
        }
        const first = firstFound(found, tiles);
        if (tiles.every((tile) => tile === null)) expect(first).toBeNull();
        else
          for (let i = 0; i < 40; i += 1)
            expect(first?.[i]).toBe(sets.classesOf(sets.at(tiles, i))[0] ?? 0);
      }),
      { numRuns: 60 },
    );
  });
});
