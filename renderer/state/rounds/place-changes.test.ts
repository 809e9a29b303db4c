import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineChanges, mostChanged, nextLook, placeAround, type Differ } from './place-changes';

const W = 24;
const H = 18;

function drawn(paint: (x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: W * H }, (_, i) => (paint(i % W, Math.floor(i / W)) ? 1 : 0));
}
const count = (changes: Uint8Array, kind: number): number =>
  changes.filter((value) => value === kind).length;

/** As `lineChanges`, pixel by pixel over all pixels. */
function naive(before: Uint8Array, after: Uint8Array): Uint8Array {
  const near = (mask: Uint8Array, i: number): boolean =>
    mask.some(
      (value, j) =>
        value === 1 &&
        Math.abs((i % W) - (j % W)) <= 2 &&
        Math.abs(Math.floor(i / W) - Math.floor(j / W)) <= 2,
    );
  return before.map((was, i) => {
    if (after[i] === 1 && !near(before, i)) return 1;
    return was === 1 && !near(after, i) ? 2 : 0;
  });
}

describe('what changed at a place', () => {
  it('is a line that came or went, not one that grew wider', () => {
    const thin = drawn((x) => x === 10);
    const wide = drawn((x) => x >= 8 && x <= 12);
    const broken = drawn((x, y) => x === 10 && (y < 4 || y > 13));
    expect(count(lineChanges(thin, wide, W, H), 1)).toBe(0);
    expect(count(lineChanges(wide, thin, W, H), 2)).toBe(0);
    // A gap of ten pixels, less two at either end.
    expect(count(lineChanges(thin, broken, W, H), 2)).toBe(6);
    expect(count(lineChanges(broken, thin, W, H), 1)).toBe(6);
  });

  it('is what looking at every pixel finds', () => {
    const mask = fc
      .uint8Array({ minLength: W * H, maxLength: W * H, max: 15 })
      .map((bytes) => bytes.map((value) => (value === 0 ? 1 : 0)));
    let changed = 0;
    fc.assert(
      fc.property(mask, mask, (before, after) => {
        const found = lineChanges(before, after, W, H);
        changed += found.filter((value) => value !== 0).length;
        expect(found).toEqual(naive(before, after));
      }),
      { seed: 3, numRuns: 40 },
    );
    expect(changed).toBeGreaterThan(100);
  });

  it('lies within the slice, however near its edge or small it is', () => {
    expect(placeAround({ x: 500, y: 3 }, 1024, 900)).toEqual({
      ...{ x: 404, y: 0, width: 192, height: 192 },
    });
    expect(placeAround({ x: 1023, y: 899 }, 1024, 900)).toMatchObject({ x: 832, y: 708 });
    expect(placeAround({ x: 1, y: 1 }, 64, 30)).toEqual({ x: 0, y: 0, width: 64, height: 30 });
  });
});

/** Looks until there is nothing more to look at. */
function search(total: number, differ: Differ): { looked: number[]; found: unknown } {
  const looked: number[] = [];
  for (
    let next = nextLook(total, looked, differ);
    next !== null;
    next = nextLook(total, looked, differ)
  ) {
    expect(looked).not.toContain(next);
    looked.push(next);
  }
  return { looked, found: mostChanged(looked, differ) };
}

describe('which round changed a place', () => {
  it('of a few versions all are looked at', () => {
    const heights = [0, 10, 10, 90, 80];
    const differ: Differ = (a, b) => Math.abs((heights[a] ?? 0) - (heights[b] ?? 0));
    const { looked, found } = search(5, differ);
    expect([...looked].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(found).toEqual({ before: 2, after: 3, pixels: 80 });
  });

  it('of many it is found by halving', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 400 }), fc.nat(), (total, seed) => {
        const round = 1 + (seed % (total - 1));
        const differ: Differ = (a, b) => (a < round && b >= round ? 40 : 0);
        const { looked, found } = search(total, differ);
        expect(found).toEqual({ before: round - 1, after: round, pixels: 40 });
        expect(looked.length).toBeLessThanOrEqual(3 + Math.ceil(Math.log2(total)));
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it('is none where next to nothing changed, where there is one version, or none', () => {
    expect(search(3, () => 0).found).toBeNull();
    // A few pixels differ after any training.
    expect(search(3, () => 29).found).toBeNull();
    expect(search(3, () => 30).found).not.toBeNull();
    expect(search(30, () => 0)).toEqual({ looked: [29, 0], found: null });
    expect(search(1, () => 1)).toEqual({ looked: [0], found: null });
    expect(search(0, () => 1)).toEqual({ looked: [], found: null });
  });
});
