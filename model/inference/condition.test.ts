import { describe, expect, it } from 'vitest';
import { conditionSlice } from './condition';
import { gaussian, wideGaussian } from './gaussian';
import { normaliseSlice } from './normalise';
import { mirrored } from './tiling';

const asIs = { inverted: false, flatField: 0, smoothing: 0 };
const width = 70;
const height = 50;

/** Noise that is the same on every run. */
function noise(seed: number): Float32Array<ArrayBuffer> {
  let state = seed;
  return Float32Array.from({ length: width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const deviation = (values: ArrayLike<number>): number => {
  const all = Array.from(values);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
};

describe('a Gaussian', () => {
  it('is the plain sum over its mirrored surround', () => {
    const values = noise(1);
    const smooth = gaussian(values, width, height, 1.5);
    const weight = (d: number): number => Math.exp((-d * d) / (2 * 1.5 * 1.5));
    for (const [x, y] of [
      [0, 0],
      [35, 25],
      [69, 3],
    ] as const) {
      let sum = 0;
      let all = 0;
      for (let dy = -6; dy <= 6; dy += 1)
        for (let dx = -6; dx <= 6; dx += 1) {
          const w = weight(dx) * weight(dy);
          all += w;
          sum += w * (values[mirrored(y + dy, height) * width + mirrored(x + dx, width)] ?? 0);
        }
      expect(smooth[y * width + x]).toBeCloseTo(sum / all, 5);
    }
  });

  it('that is wide is near to the exact one, whatever its width', () => {
    const values = noise(2);
    for (const sigma of [4, 16, 64]) {
      const near = wideGaussian(values, width, height, sigma);
      const exact = gaussian(values, width, height, sigma);
      const off = near.map((value, at) => value - (exact[at] ?? 0));
      expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.1 * deviation(values));
    }
  });
});

describe('a slice that is conditioned', () => {
  it('by nothing is only normalised', () => {
    const values = noise(3);
    expect(conditionSlice(values, null, width, height, asIs)).toEqual(normaliseSlice(values));
  });

  it('and turned around is what its negative gives', () => {
    const values = noise(4);
    const found = conditionSlice(values, null, width, height, { ...asIs, inverted: true });
    const negative = values.map((value) => 1 - value);
    const wanted = conditionSlice(negative, null, width, height, asIs);
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[at] ?? NaN, 4);
    });
  });

  it('with a flat field loses shade and a change of contrast, whatever its unit', () => {
    const plain = noise(5);
    const even = { ...asIs, flatField: 12 };
    const wanted = conditionSlice(plain, null, width, height, even);
    const shaded = plain.map((value, at) => {
      const x = at % width;
      return 1e-8 * ((0.5 + x / width) * value + (0.8 * x) / width);
    });
    const found = conditionSlice(shaded, null, width, height, even);
    const raw = conditionSlice(shaded, null, width, height, asIs);
    const miss = (values: Float32Array): number =>
      deviation(values.map((value, at) => value - (wanted[at] ?? 0)));
    expect(miss(found)).toBeLessThan(0.35);
    expect(miss(raw)).toBeGreaterThan(0.5);
  });

  it('does not look at what is not known', () => {
    const values = noise(6);
    const known = Uint8Array.from(values, (_, at) => (at % width < 50 ? 1 : 0));
    const other = values.map((value, at) => (known[at] === 1 ? value : 99));
    const even = { ...asIs, flatField: 8 };
    const one = conditionSlice(values, known, width, height, even);
    const two = conditionSlice(other, known, width, height, even);
    one.forEach((value, at) => {
      if (known[at] === 1) expect(two[at]).toBeCloseTo(value, 4);
    });
  });

  it('of one grey value stays flat', () => {
    const flat = new Float32Array(width * height).fill(7);
    const done = conditionSlice(flat, null, width, height, {
      inverted: true,
      flatField: 16,
      smoothing: 1,
    });
    expect(done.every((value) => Math.abs(value) < 1e-6)).toBe(true);
  });
});
