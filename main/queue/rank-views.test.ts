import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankViews, REACH, type Rankable } from './rank-views';

const places = fc.uniqueArray(
  fc.record({
    z: fc.integer({ min: 0, max: 1 }),
    x: fc.integer({ min: 0, max: 250 }),
    y: fc.integer({ min: 0, max: 250 }),
    chance: fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100),
  }),
  { maxLength: 40, selector: ({ z, x, y }) => [z, x, y].join() },
);

const near = (a: Rankable, b: Rankable): boolean =>
  a.z === b.z && Math.abs(a.x - b.x) <= REACH && Math.abs(a.y - b.y) <= REACH;
const total = (all: readonly Rankable[]): number => all.reduce((sum, one) => sum + one.chance, 0);

describe('the order of looks', () => {
  it('asks about no place twice, and shows all that it counts', () => {
    fc.assert(
      fc.property(places, (all) => {
        const views = rankViews(all);
        const asked = views.flatMap(({ place, others }) => [place, ...others]);
        expect(new Set(asked).size).toBe(asked.length);
        for (const { place, others, expected } of views) {
          expect(others.every((other) => near(place, other))).toBe(true);
          expect(expected).toBeCloseTo(total([place, ...others]));
        }
        expect(views.map(({ expected }) => expected)).toEqual(
          views.map(({ expected }) => expected).toSorted((a, b) => b - a),
        );
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('always takes the best look that is left, and leaves out only what hardly pays', () => {
    fc.assert(
      fc.property(places, (all) => {
        // Naive: every place as the middle, over what nobody has seen.
        let left: readonly Rankable[] = all;
        const best = (): readonly Rankable[] =>
          left
            .map((middle) => left.filter((place) => near(middle, place)))
            .reduce((most, view) => (total(view) > total(most) + 1e-9 ? view : most), []);
        const views = rankViews(all);
        for (const { expected } of views) expect(expected).toBeLessThanOrEqual(total(all) + 1e-9);
        for (const { place, others, expected } of views) {
          expect(expected).toBeCloseTo(total(best()));
          const seen = new Set<Rankable>([place, ...others]);
          left = left.filter((one) => !seen.has(one));
        }
        expect(total(best())).toBeLessThan(0.25 + 1e-9);
      }),
      { seed: 13, numRuns: 200 },
    );
  });
});
