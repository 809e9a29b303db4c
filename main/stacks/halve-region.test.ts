import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halveRegion } from './halve-region';

/** The mean of the up to four pixels under one, rounded. */
function naive(data: Uint8Array, width: number, height: number): number[] {
  const out: number[] = [];
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const under = [y, y + 1]
        .filter((row) => row < height)
        .flatMap((row) =>
          [x, x + 1].filter((column) => column < width).map((column) => row * width + column),
        )
        .map((at) => data[at] ?? 0);
      out.push(Math.round(under.reduce((sum, value) => sum + value, 0) / under.length));
    }
  return out;
}

describe('halving 8-bit pixels', () => {
  it('takes the mean of what lies under a pixel, whatever the size', () => {
    const size = fc.integer({ min: 1, max: 17 });
    fc.assert(
      fc.property(size, size, fc.integer(), (width, height, seed) => {
        let state = seed >>> 0;
        const data = Uint8Array.from({ length: width * height }, () => {
          state = (state * 1664525 + 1013904223) >>> 0;
          return state >>> 24;
        });
        const half = halveRegion({ type: 'uint8', samples: 1, width, height, data, bad: [] });
        expect([...(half.data as Uint8Array)]).toEqual(naive(data, width, height));
      }),
      { seed: 2026 },
    );
  });

  it('keeps white white and black black', () => {
    const data = new Uint8Array(64).fill(255, 32);
    const half = halveRegion({ type: 'uint8', samples: 1, width: 8, height: 8, data, bad: [] });
    expect([...(half.data as Uint8Array)]).toEqual([
      ...new Array<number>(8).fill(0),
      ...new Array<number>(8).fill(255),
    ]);
  });
});
