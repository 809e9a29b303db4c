import { describe, expect, it } from 'vitest';
import type { SegmentationError } from '#contract/entities';
import { MOST_ERRORS, pooledAccuracy, type MeasuredSlice } from './pooled-accuracy';

const error = (z: number, vInfo: number): SegmentationError => ({
  kind: 'merge',
  ...{ z, x: 1, y: 1, size: 3, parts: [40, 20] },
  box: { x: 0, y: 0, width: 3, height: 1 },
  cost: { vInfo, vRand: 2 * vInfo },
});

function slice(
  z: number,
  vInfo: number | null,
  [both, maskOnly, truthOnly]: readonly [number, number, number],
  worst: readonly SegmentationError[] = [],
): MeasuredSlice {
  return {
    kind: 'measured',
    z,
    scores: {
      ...{ vInfo, vInfoPrecision: vInfo, vInfoRecall: vInfo },
      ...{ vRand: vInfo, vRandPrecision: vInfo, vRandRecall: vInfo },
      dice: (2 * both) / (2 * both + maskOnly + truthOnly),
    },
    pixels: { both, maskOnly, truthOnly },
    errors: { merges: worst.length, splits: 1, lost: 0 },
    worst: [...worst],
  };
}

describe('the accuracy of several slices', () => {
  it('is the mean of their cells, and the Dice of all their pixels together', () => {
    const { scores } = pooledAccuracy([slice(0, 0.9, [100, 0, 0]), slice(4, 0.5, [10, 70, 10])]);
    expect(scores.vInfo).toBeCloseTo(0.7, 12);
    expect(scores.vRandRecall).toBeCloseTo(0.7, 12);
    // 2 · 110 / (2 · 110 + 80), not the mean of 1 and 0.2.
    expect(scores.dice).toBeCloseTo(220 / 300, 12);
  });

  it('leaves a slice without cells out of their mean, and has none where no slice has any', () => {
    const one = pooledAccuracy([slice(0, null, [1, 0, 1]), slice(1, 0.8, [5, 0, 0])]);
    expect(one.scores.vInfo).toBe(0.8);
    expect(pooledAccuracy([slice(0, null, [1, 0, 1])]).scores.vInfo).toBeNull();
  });

  it('is 1 in Dice where neither mask nor truth has a membrane', () => {
    expect(pooledAccuracy([{ ...slice(0, 0.5, [0, 0, 0]) }]).scores.dice).toBe(1);
  });

  it('counts all errors and lists the most costly of all slices first', () => {
    const many = Array.from({ length: MOST_ERRORS }, (_, i) => error(0, 0.5 - i * 1e-4));
    const report = pooledAccuracy([
      slice(0, 0.9, [9, 1, 1], many),
      slice(2, 0.9, [9, 1, 1], [error(2, 0.46), error(2, 0)]),
    ]);
    expect(report.errors).toEqual({ merges: MOST_ERRORS + 2, splits: 2, lost: 0 });
    expect(report.worst).toHaveLength(MOST_ERRORS);
    const costs = report.worst.map(({ cost }) => cost.vInfo);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    expect(report.worst.filter(({ z }) => z === 2)).toHaveLength(1);
  });
});
