import { describe, expect, it } from 'vitest';
import { lineWidth } from './line-width';

const side = 128;
const lines = (width: number, period: number, slope = 0): Float32Array =>
  Float32Array.from({ length: side * side }, (_, i) => {
    const along = ((i % side) + slope * Math.floor(i / side) + period / 2) % period;
    return along < width ? 1 : 0;
  });

describe('the width of lines', () => {
  it('is what was drawn, however many there are', () => {
    for (const width of [2, 3, 6])
      for (const period of [16, 32])
        expect(lineWidth(lines(width, period), 0.5, side, side)).toBeCloseTo(width, 0);
  });

  it('grows with the brush on slanted lines as well, and is 0 without a line', () => {
    const thin = lineWidth(lines(3, 32, 1), 0.5, side, side);
    const wide = lineWidth(lines(6, 32, 1), 0.5, side, side);
    expect(wide / thin).toBeCloseTo(2, 1);
    expect(lineWidth(new Float32Array(side * side), 0.5, side, side)).toBe(0);
  });
});
