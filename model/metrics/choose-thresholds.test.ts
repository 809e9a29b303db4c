import { describe, expect, it } from 'vitest';
import { chooseThresholds } from './choose-thresholds';
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
