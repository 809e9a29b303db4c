import { describe, expect, it } from 'vitest';
import {
  chooseThresholds,
  meanCurve,
  thresholdCurve,
  thresholdsFrom,
  type ThresholdPoint,
} from './choose-thresholds';
import { vInfoAt } from './evaluate';

const side = 32;

/** Walls are found at 0.35 and more; their smeared surroundings reach 0.55; a thin bridge closes gaps only at 0.3. */
function slice(): { probability: Float32Array; truth: Uint8Array; width: number; height: number } {
  const truth = Uint8Array.from({ length: side * side }, (_, i) => (i % 8 === 0 ? 1 : 0));
  const probability = Float32Array.from(truth, (value, i) => {
    if (value === 1) return Math.floor(i / side) === 16 ? 0.31 : 0.9;
    return i % 8 === 1 ? 0.42 : 0.02;
  });
  return { probability, truth, width: side, height: side };
}

describe('choosing thresholds on validation slices', () => {
  it('takes the one that keeps cells apart for topology, the one that overlaps best for pixels', () => {
    const found = chooseThresholds([slice()]);
    expect(found.threshold).toBeLessThanOrEqual(0.3);
    expect(found.vInfo).toBeGreaterThan(0.75);
    expect(vInfoAt([slice()], [found.pixelThreshold])[0]).toBeLessThan(0.1);
    expect(found.pixelThreshold).toBeGreaterThan(0.42);
    expect(found.dice).toBeGreaterThan(0.95);
  });

  it('falls back to the pixel threshold where no slice has dense truth', () => {
    const weight = new Uint8Array(side * side).fill(1);
    const found = chooseThresholds([{ ...slice(), weight }]);
    expect(found.threshold).toBe(found.pixelThreshold);
    expect(found.vInfo).toBeNaN();
  });

  it('stays at one half without any slice', () => {
    expect(chooseThresholds([])).toMatchObject({ threshold: 0.5 });
  });
});

describe('choosing thresholds from a curve', () => {
  const curve = (vInfo: (threshold: number) => number): ThresholdPoint[] =>
    Array.from({ length: 49 }, (_, i) => {
      const threshold = (i + 1) / 50;
      return { threshold, vInfo: vInfo(threshold), dice: 0.8, accuracy: 0.9 };
    });

  it('takes a plateau, not a lone peak beside it, and its lower side', () => {
    const plateau = (t: number): number => (t > 0.15 && t < 0.35 ? 0.975 : 0.96);
    const found = thresholdsFrom(curve((t) => (t === 0.48 ? 0.976 : plateau(t))));
    expect(found.threshold).toBeGreaterThan(0.18);
    expect(found.threshold).toBeLessThan(0.25);
    expect(found.vInfo).toBe(0.975);
  });

  it('counts a pool of many slices as much as a pool of one', () => {
    const many = thresholdCurve([[slice(), slice(), slice()]], 'coarse');
    const one = thresholdCurve(
      [[{ ...slice(), truth: new Uint8Array(side * side).fill(1) }]],
      'coarse',
    );
    const both = thresholdCurve(
      [[slice(), slice(), slice()], [{ ...slice(), truth: new Uint8Array(side * side).fill(1) }]],
      'coarse',
    );
    both.forEach(({ dice }, i) => {
      expect(dice).toBeCloseTo(((many[i]?.dice ?? 0) + (one[i]?.dice ?? 0)) / 2, 12);
    });
    expect(both).toEqual(meanCurve([many, one]));
  });
});
