import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitPlane, halvedPlane } from './bit-plane';
import { naiveThinning, samePieces, type Picture } from './testing/naive-thinning';
import { thinning } from './thinning';

const seed = 20_261;

function planeOf(picture: Picture): BitPlane {
  const plane = new BitPlane(picture[0]?.length ?? 0, picture.length);
  picture.forEach((row, y) => {
    plane.setRow(y, 0, Uint8Array.from(row), 0, row.length, 1);
  });
  return plane;
}

function pictureOf(plane: BitPlane): number[][] {
  return Array.from({ length: plane.height }, (_, y) =>
    Array.from({ length: plane.width }, (_, x) => Number(plane.has(x, y))),
  );
}

function thinned(picture: Picture): number[][] {
  const plane = planeOf(picture);
  const steps = thinning(plane);
  while (steps.next().done !== true);
  return pictureOf(plane);
}

/** Pictures with wide and narrow parts, across the borders of words. */
const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 110 }),
    height: fc.integer({ min: 1, max: 36 }),
    noise: fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
    grain: fc.constantFrom(1, 2, 3, 5, 8, 20, 34),
    share: fc.integer({ min: 20, max: 90 }),
  })
  .map(({ width, height, noise, grain, share }): number[][] => {
    const across = Math.ceil(width / grain);
    const coarse = Array.from({ length: across * Math.ceil(height / grain) }, () =>
      Number(noise.next().value),
    );
    return Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => {
        const value = coarse[Math.floor(y / grain) * across + Math.floor(x / grain)] ?? 0;
        return Number(value < share);
      }),
    );
  });

describe('thinning', () => {
  it('is the rule as it is written, whatever the width of the slice', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        expect(thinned(picture)).toEqual(naiveThinning(picture));
      }),
      { seed, numRuns: 80 },
    );
  });

  it('joins nothing and breaks nothing: every picture of 4 × 3', () => {
    for (let bits = 0; bits < 1 << 12; bits += 1) {
      const picture = [0, 4, 8].map((y) => [0, 1, 2, 3].map((x) => (bits >> (y + x)) & 1));
      if (!samePieces(picture, thinned(picture))) expect(picture).toBe('as it was');
    }
  });

  it('joins nothing and breaks nothing, and has nothing left to take the second time', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const line = thinned(picture);
        expect(samePieces(picture, line)).toBe(true);
        expect(thinned(line)).toEqual(line);
      }),
      { seed, numRuns: 80 },
    );
  });

  it('leaves a wide membrane one or two pixels wide, up to both edges of the slice', () => {
    const wall = Array.from({ length: 40 }, (_, y) =>
      Array.from({ length: 70 }, (_, x) => Number(Math.abs(x - 35 + y / 4) < 6)),
    );
    for (const row of thinned(wall)) {
      const pixels = row.filter(Boolean).length;
      expect(pixels).toBeGreaterThanOrEqual(1);
      expect(pixels).toBeLessThanOrEqual(2);
    }
  });
});

describe('a plane of half the size', () => {
  it('has a pixel where one of its four is', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const [height, width] = [picture.length, picture[0]?.length ?? 0];
        const half = pictureOf(halvedPlane(planeOf(picture)));
        const wanted = Array.from({ length: Math.ceil(height / 2) }, (_, y) =>
          Array.from({ length: Math.ceil(width / 2) }, (_, x) =>
            Number(
              [0, 1].some((dy) => [0, 1].some((dx) => picture[2 * y + dy]?.[2 * x + dx] === 1)),
            ),
          ),
        );
        expect(half).toEqual(wanted);
      }),
      { seed, numRuns: 80 },
    );
  });
});
