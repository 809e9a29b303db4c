import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../training/random';
import { TileBlend } from './blend';
import { dihedrals, turned, turnedBack } from './dihedral';
import { normaliseSlice } from './normalise';
import { nearestIndices, resampled } from './resample';
import { mirrored, readTile, tilingOf } from './tiling';

const noise = (width: number, height: number, seed: number): Float32Array<ArrayBuffer> => {
  const random = new Random(seed);
  return Float32Array.from({ length: width * height }, () => random.normal());
};

describe('tiles', () => {
  const placed = fc.record({
    width: fc.integer({ min: 1, max: 120 }),
    height: fc.integer({ min: 1, max: 120 }),
    tile: fc.integer({ min: 1, max: 64 }),
    border: fc.integer({ min: 0, max: 8 }),
    margin: fc.integer({ min: 0, max: 11 }),
    fade: fc.integer({ min: 0, max: 9 }),
    alignment: fc.constantFrom(1, 4, 8),
  });

  it('cover every pixel of a slice of any size with what counts of them, on one grid', () => {
    fc.assert(
      fc.property(placed, ({ width, height, ...options }) => {
        const tiling = tilingOf(width, height, options);
        const { tileWidth, tileHeight, columns, rows, margin } = tiling;
        const steps = [tileWidth, tileHeight, ...columns, ...rows];
        expect(steps.every((step) => Number.isInteger(step / options.alignment))).toBe(true);
        const image = noise(width, height, 1);
        const blend = new TileBlend(width, height, 1, tiling);
        for (const y of rows) {
          for (const x of columns) {
            const place = { x, y, width: tileWidth, height: tileHeight };
            const tile = readTile(image, width, height, place);
            // What lies in a margin inside the slice must not be seen.
            tile.forEach((_, i) => {
              const column = i % tileWidth;
              const row = Math.floor(i / tileWidth);
              const hidden =
                (x !== columns[0] && column < margin) ||
                (x !== columns.at(-1) && column >= tileWidth - margin) ||
                (y !== rows[0] && row < margin) ||
                (y !== rows.at(-1) && row >= tileHeight - margin);
              if (hidden) tile[i] = 1e9;
            });
            blend.add(tile, x, y);
          }
        }
        const error = blend.result().map((value, i) => Math.abs(value - (image[i] ?? Number.NaN)));
        expect(error.every((value) => value < 1e-5)).toBe(true);
      }),
      { numRuns: 200, seed: 2026 },
    );
  });

  it('mirror without repeating the border pixel', () => {
    expect([-2, -1, 0, 1, 2, 3, 4, 5].map((i) => mirrored(i, 3))).toEqual([2, 1, 0, 1, 2, 1, 0, 1]);
    expect([-5, 0, 7].map((i) => mirrored(i, 1))).toEqual([0, 0, 0]);
  });
});

describe('turning a picture', () => {
  it('and turning it back gives the picture', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(...dihedrals),
        (width, height, turn) => {
          const picture = { values: noise(width, height, 2), width, height };
          expect(turnedBack(turned(picture, turn), turn)).toEqual(picture);
        },
      ),
      { seed: 2026 },
    );
  });

  it('gives eight different pictures', () => {
    const picture = { values: noise(5, 5, 3), width: 5, height: 5 };
    expect(new Set(dihedrals.map((turn) => turned(picture, turn).values.join())).size).toBe(8);
  });
});

describe('normalising a slice', () => {
  it('gives mean 0 and deviation 1, whatever the contrast', () => {
    const values = Uint16Array.from({ length: 5000 }, (_, i) => 30_000 + ((i * 7919) % 977));
    const normal = normaliseSlice(values);
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    expect(mean).toBeCloseTo(0, 4);
    expect(normal.reduce((sum, value) => sum + value * value, 0) / normal.length).toBeCloseTo(1, 3);
  });

  it('makes zeros of an empty slice and of values that are not finite', () => {
    expect(normaliseSlice(new Uint8Array(9).fill(77))).toEqual(new Float32Array(9));
    expect(normaliseSlice(Float32Array.of(1, Number.NaN, 3, Infinity))).toEqual(
      Float32Array.of(-1, 0, 1, 0),
    );
  });
});

describe('resampling', () => {
  const sizes = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
  });

  it('gives the size asked for, keeps a constant and never leaves the range', () => {
    fc.assert(
      fc.property(
        sizes,
        sizes,
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (from, to, value) => {
          const constant = Math.fround(value);
          const values = new Float32Array(from.width * from.height).fill(constant);
          const flat = resampled({ values, ...from }, to);
          expect([flat.width, flat.height, flat.values.length]).toEqual([
            to.width,
            to.height,
            to.width * to.height,
          ]);
          const slack = 1e-6 * Math.abs(constant);
          expect(flat.values.every((v) => Math.abs(v - constant) <= slack)).toBe(true);
          const rough = noise(from.width, from.height, 8);
          const low = Math.min(...rough);
          const high = Math.max(...rough);
          const result = resampled({ values: rough, ...from }, to).values;
          expect(result.every((v) => v >= low - 1e-6 && v <= high + 1e-6)).toBe(true);
        },
      ),
      { seed: 2026 },
    );
  });

  it('leaves the picture alone at its own size, and keeps the mean when it shrinks', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 6 }), ({ width, height }, factor) => {
        const small = { values: noise(width, height, 9), width, height };
        expect(resampled(small, small).values).toEqual(small.values);
        const large = {
          values: noise(width * factor, height * factor, 10),
          width: width * factor,
          height: height * factor,
        };
        const mean = (values: Float32Array): number =>
          values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(mean(resampled(large, small).values)).toBeCloseTo(mean(large.values), 5);
      }),
      { seed: 2026 },
    );
  });

  it('averages what a pixel covers, by share, and draws straight lines between centres', () => {
    const row = (...values: number[]) => ({
      values: Float32Array.from(values),
      width: values.length,
      height: 1,
    });
    expect([...resampled(row(1, 2, 3), { width: 2, height: 1 }).values]).toEqual([
      expect.closeTo(4 / 3, 6),
      expect.closeTo(8 / 3, 6),
    ]);
    expect([...resampled(row(0, 4), { width: 4, height: 1 }).values]).toEqual([0, 1, 3, 4]);
  });

  it('takes classes from under the centre of a pixel, and mixes none', () => {
    const wide = { width: 4, height: 1 };
    expect([...nearestIndices(wide, { width: 2, height: 1 })]).toEqual([1, 3]);
    expect([...nearestIndices({ width: 2, height: 1 }, wide)]).toEqual([0, 0, 1, 1]);
    expect([...nearestIndices(wide, wide)]).toEqual([0, 1, 2, 3]);
  });
});
