import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstByte, hasLine, membraneMask, probabilityBytes } from './membrane-mask';
import { naiveThinning } from './testing/naive-thinning';

const seed = 20_262;

const slices = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 20 }),
    noise: fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
  })
  .map(({ width, height, noise }) => {
    const across = Math.ceil(width / 3);
    const coarse = Array.from({ length: across * Math.ceil(height / 3) }, () =>
      Number(noise.next().value),
    );
    const at = (i: number): number =>
      coarse[Math.floor(Math.floor(i / width) / 3) * across + Math.floor((i % width) / 3)] ?? 0;
    return { width, height, map: Uint8Array.from({ length: width * height }, (_, i) => at(i)) };
  });
const threshold = fc.integer({ min: 0, max: 100 }).map((value) => value / 100);
const thresholds = fc.record({ pixel: threshold, cells: threshold });

describe('the mask', () => {
  it('is what reaches the pixel threshold, and the line of what reaches the cells threshold', () => {
    fc.assert(
      fc.property(slices, thresholds, ({ width, height, map }, { pixel, cells }) => {
        const reaches = (limit: number) => (byte: number) => byte > 0 && byte >= limit * 255;
        const rows = Array.from({ length: height }, (_, y) =>
          Array.from(map.subarray(y * width, (y + 1) * width), (byte) =>
            Number(reaches(cells)(byte)),
          ),
        );
        const lined = firstByte(cells) < firstByte(pixel) && rows.some((row) => row.includes(0));
        const line = lined ? naiveThinning(rows).flat() : [];
        const wanted = Array.from(map, (byte, i) => Number(reaches(pixel)(byte) || line[i] === 1));
        expect(Array.from(membraneMask(map, width, height, { pixel, cells }))).toEqual(wanted);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('with one threshold for both is that threshold, as it was before there were two', () => {
    fc.assert(
      fc.property(slices, threshold, ({ width, height, map }, both) => {
        const mask = membraneMask(map, width, height, { pixel: both, cells: both });
        expect(Array.from(mask)).toEqual(
          Array.from(map, (byte) => Number(byte > 0 && byte >= both * 255)),
        );
        expect(hasLine({ pixel: both, cells: both })).toBe(false);
      }),
      { seed, numRuns: 100 },
    );
  });

  it('closes a gap that the pixels leave, with a thin line and nothing else', () => {
    const [width, height] = [60, 40];
    const map = Uint8Array.from({ length: width * height }, (_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (Math.abs(x - 30) > 4) return 5;
      return Math.abs(y - 20) < 6 ? 60 : 220;
    });
    const mask = membraneMask(map, width, height, { pixel: 0.5, cells: 0.2 });
    for (let y = 0; y < height; y += 1) {
      const wide = mask.subarray(y * width, (y + 1) * width).reduce((sum, one) => sum + one, 0);
      if (Math.abs(y - 20) < 6) expect([1, 2]).toContain(wide);
      else expect(wide).toBe(9);
    }
  });

  it('has no line where not a pixel lies below the cells threshold: nothing is parted', () => {
    const map = new Uint8Array(64 * 64).fill(90);
    expect(membraneMask(map, 64, 64, { pixel: 0.5, cells: 0.2 }).includes(1)).toBe(false);
  });
});

describe('probabilities as bytes', () => {
  it('are rounded, 255 = 1', () => {
    expect(Array.from(probabilityBytes(Float32Array.of(0, 0.001, 0.002, 0.5, 1)))).toEqual([
      0, 0, 1, 128, 255,
    ]);
  });
});
