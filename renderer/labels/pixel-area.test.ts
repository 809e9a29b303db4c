import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaFromMask, areaOfRect, areaPixelCount, maskOfArea } from './pixel-area';
import { polygonArea } from './operations/polygon';
import { maskOf } from './testing/naive-shapes';
import { anyField, anyRect, drawn } from './testing/random-fields';

describe('an area', () => {
  it('tells the same pixels as the mask that it was made of', () => {
    let pixels = 0;
    fc.assert(
      fc.property(anyField([0, 1, 200]), ({ rect, data }) => {
        const area = areaFromMask(data, rect);
        const expected = data.map((byte) => (byte === 0 ? 0 : 1));
        expect(maskOf(area, rect)).toEqual(expected);
        expect(maskOfArea(area, rect)).toEqual(expected);
        expect(areaPixelCount(area)).toBe(expected.filter((byte) => byte === 1).length);
        pixels += areaPixelCount(area);
      }),
      { seed: 2026 },
    );
    expect(pixels).toBeGreaterThan(5_000);
  });

  it('leaves out of a mask what lies outside the rectangle asked for', () => {
    let kept = 0;
    const shift = fc.integer({ min: -12, max: 12 });
    fc.assert(
      fc.property(anyField([0, 1]), anyRect(), shift, shift, ({ rect, data }, size, dx, dy) => {
        const asked = { ...size, x: rect.x + dx, y: rect.y + dy };
        const expected = Uint8Array.from({ length: asked.width * asked.height }, (_, i) => {
          const column = (i % asked.width) + dx;
          const row = Math.floor(i / asked.width) + dy;
          const inside = column >= 0 && row >= 0 && column < rect.width && row < rect.height;
          return inside ? (data[row * rect.width + column] ?? 0) : 0;
        });
        expect(maskOfArea(areaFromMask(data, rect), asked)).toEqual(expected);
        kept += expected.filter((byte) => byte === 1).length;
      }),
      { seed: 2026 },
    );
    expect(kept).toBeGreaterThan(3_000);
  });

  it('of a rectangle is clipped to the slice, and empty outside it', () => {
    const area = areaOfRect({ x: -5, y: 90, width: 10, height: 40 }, 300, 100);
    expect(area.bounds).toEqual({ x: 0, y: 90, width: 5, height: 10 });
    expect(areaPixelCount(area)).toBe(50);
    expect(areaOfRect({ x: 300, y: 0, width: 9, height: 9 }, 300, 100).bounds.width).toBe(0);
  });

  it('of a polygon is clipped to the slice, and needs three corners', () => {
    const slice = { x: 0, y: 0, width: 8, height: 6 };
    const corners = [
      { x: 4, y: -3 },
      { x: 40, y: -3 },
      { x: 40, y: 3 },
      { x: 4, y: 3 },
    ];
    expect(maskOf(polygonArea(corners, slice), slice)).toEqual(
      drawn(['....####', '....####', '....####', '........', '........', '........']).data,
    );
    expect(polygonArea(corners.slice(0, 2), slice).spans).toHaveLength(0);
  });

  it('refuses a mask of another size', () => {
    expect(() => areaFromMask(new Uint8Array(5), { x: 0, y: 0, width: 2, height: 3 })).toThrow(
      RangeError,
    );
  });
});
