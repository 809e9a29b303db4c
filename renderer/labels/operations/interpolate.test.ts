import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteField } from '../byte-field';
import { areaPixelCount } from '../pixel-area';
import { maskOf, signedDistances } from '../testing/naive-shapes';
import { anyField, anyNumber, anyPair, drawn, picture } from '../testing/random-fields';
import { interpolateArea, ShapeBlend } from './interpolate';
import { signedDistance } from './signed-distance';

const part = anyNumber(0, 1);

function overlap(one: ByteField, other: ByteField): boolean {
  return one.data.some((byte, i) => byte !== 0 && other.data[i] !== 0);
}

function disc(x: number, y: number, radius: number): ByteField {
  const rect = { x: 0, y: 0, width: 120, height: 60 };
  const data = Uint8Array.from({ length: rect.width * rect.height }, (_, i) =>
    ((i % rect.width) - x) ** 2 + (Math.floor(i / rect.width) - y) ** 2 <= radius ** 2 ? 1 : 0,
  );
  return { rect, data };
}

describe('the distance to an outline', () => {
  it('is exact on both sides of it, wherever it is wanted', () => {
    const counted = { pixels: 0, few: 0 };
    fc.assert(
      fc.property(anyField([0, 1]), fc.constantFrom(1, 2, 5, 17), ({ rect, data }, every) => {
        const wanted = data.map((_, i) => (i % every === 0 ? 1 : 0));
        const expected = signedDistances({ rect, data });
        const found = signedDistance(data, rect.width, rect.height, wanted);
        const worst = found.reduce(
          (most, distance, i) =>
            wanted[i] === 0 ? most : Math.max(most, Math.abs(distance - (expected[i] ?? NaN))),
          0,
        );
        expect(worst).toBeLessThan(1e-4);
        if (!data.includes(0) || !data.includes(1)) return;
        counted.pixels += found.length;
        if (every > 2) counted.few += 1;
      }),
      { numRuns: 200, seed: 2026 },
    );
    expect(counted.pixels).toBeGreaterThan(10_000);
    expect(counted.few).toBeGreaterThan(20);
  });
});

describe('a shape between two painted slices', () => {
  it('is the one painted at either end', () => {
    let pixels = 0;
    fc.assert(
      fc.property(anyPair([0, 1]), ([one, other]) => {
        expect(maskOf(interpolateArea(one, other, 0), one.rect)).toEqual(one.data);
        expect(maskOf(interpolateArea(one, other, 1), one.rect)).toEqual(other.data);
        pixels += one.data.filter((byte) => byte === 1).length;
      }),
      { seed: 2026 },
    );
    expect(pixels).toBeGreaterThan(3_000);
  });

  it('mixes the distances to both outlines', () => {
    let between = 0;
    fc.assert(
      fc.property(anyPair([0, 1]), part, ([one, other], t) => {
        fc.pre(t > 0 && t < 1 && overlap(one, other));
        const from = signedDistances(one);
        const to = signedDistances(other);
        const mask = maskOf(interpolateArea(one, other, t), one.rect);
        const wrong = mask.findIndex((byte, i) => {
          const mixture = (1 - t) * (from[i] ?? 0) + t * (to[i] ?? 0);
          if (one.data[i] !== other.data[i]) between += 1;
          // On the very outline rounding decides.
          return Math.abs(mixture) > 1e-4 && byte !== (mixture < 0 ? 1 : 0);
        });
        expect(wrong).toBe(-1);
      }),
      { numRuns: 100, seed: 2026 },
    );
    expect(between).toBeGreaterThan(3_000);
  });

  it('grows steadily where one shape lies in the other', () => {
    let grown = 0;
    fc.assert(
      fc.property(anyPair([0, 1]), part, part, ([one, other], s, t) => {
        const inner: ByteField = {
          rect: one.rect,
          data: one.data.map((byte, i) => byte & (other.data[i] ?? 0)),
        };
        const blend = new ShapeBlend(inner, other);
        const early = maskOf(blend.at(Math.min(s, t)), one.rect);
        const late = maskOf(blend.at(Math.max(s, t)), one.rect);
        expect(early.findIndex((byte, i) => byte === 1 && late[i] !== 1)).toBe(-1);
        grown += late.filter((byte, i) => byte === 1 && early[i] === 0).length;
      }),
      { numRuns: 200, seed: 2026 },
    );
    expect(grown).toBeGreaterThan(300);
  });

  it('half-way between a small disc and a large one around it is a disc between', () => {
    const middle = areaPixelCount(interpolateArea(disc(60, 30, 10), disc(60, 30, 20), 0.5));
    expect(middle).toBeGreaterThan(Math.PI * 14 ** 2);
    expect(middle).toBeLessThan(Math.PI * 16 ** 2);
  });

  it('moves along when the shapes have lost touch, instead of vanishing', () => {
    const area = interpolateArea(disc(20, 30, 8), disc(90, 20, 12), 0.5);
    expect(areaPixelCount(area)).toBeGreaterThan(Math.PI * 9 ** 2);
    expect(areaPixelCount(area)).toBeLessThan(Math.PI * 11 ** 2);
    const { x, y, width, height } = area.bounds;
    expect([x + width / 2, y + height / 2].map(Math.round)).toEqual([56, 26]);
  });

  it('is empty between a shape and nothing', () => {
    const nothing: ByteField = { ...disc(0, 0, 0), data: new Uint8Array(120 * 60) };
    expect(areaPixelCount(interpolateArea(disc(60, 30, 9), nothing, 0.5))).toBe(0);
    expect(areaPixelCount(interpolateArea(nothing, disc(60, 30, 9), 0.01))).toBe(0);
    expect(areaPixelCount(interpolateArea(nothing, disc(60, 30, 9), 1))).toBeGreaterThan(200);
  });

  it('reaches the edge of the slice where both shapes do', () => {
    const one = drawn(['##...', '##...', '##...']);
    const other = drawn(['####.', '####.', '####.']);
    const area = interpolateArea(one, other, 0.5);
    expect(picture(maskOf(area, one.rect), 5)).toEqual(['###..', '###..', '###..']);
  });

  it('needs both shapes in the same rectangle', () => {
    expect(() => interpolateArea(drawn(['#']), drawn(['#'], 1), 0.5)).toThrow(RangeError);
  });
});
