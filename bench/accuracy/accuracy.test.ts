import { describe, expect, it } from 'vitest';
import { foldCount, foldOf } from './folds';
import { curveOf } from './membrana-part';
import { lengthToReach, type Part } from './part';
import { accuracyRows } from './rows';

const depth = 24;
const folds = Array.from({ length: foldCount(depth) }, (_, index) => foldOf(index, depth));

describe('the folds', () => {
  it('use every slice once, sixteen to learn, four to choose, four to score', () => {
    expect(folds).toHaveLength(3);
    for (const { train, choose, score } of folds) {
      expect([train.length, choose.length, score.length]).toEqual([16, 4, 4]);
      expect(new Set([...train, ...choose, ...score]).size).toBe(depth);
    }
    expect(new Set(folds.flatMap(({ score }) => score)).size).toBe(12);
  });

  it('score no slice beside one that was learnt from', () => {
    for (const { train, score } of folds)
      for (const z of score) {
        expect(train).not.toContain(z - 1);
        expect(train).not.toContain(z + 1);
      }
  });
});

describe('the time to a score', () => {
  const lines = [
    { event: 'note', note: 'Reading slice 1 of 20' },
    { event: 'step', step: 1, steps: 9, loss: 1, learningRate: 0.1, secondsLeft: null },
    { event: 'step', step: 2, steps: 9, loss: 1, learningRate: 0.1, secondsLeft: 250 },
    { event: 'validation', step: 2, loss: 1, vInfo: 0.97, vRand: 0.9 },
    { event: 'checkpoint', step: 2 },
    { event: 'step', step: 3, steps: 9, loss: 1, learningRate: 0.1, secondsLeft: 180 },
    { event: 'validation', step: 3, loss: 1, vInfo: 0.976, vRand: 0.9 },
    { event: 'step', step: 4, steps: 9, loss: 1, learningRate: 0.1, secondsLeft: 0 },
    { event: 'validation', step: 4, loss: 1, vInfo: 0.98, vRand: 0.9 },
  ].map((event) => JSON.stringify(event));

  it('is the training time of the first validation that has it', () => {
    const curve = curveOf(lines, { kind: 'seconds', seconds: 300 });
    expect(curve.map(({ seconds }) => seconds)).toEqual([50, 120, 300]);
    expect(lengthToReach(curve, 0.975, 'seconds')).toBe(120);
    expect(lengthToReach(curve, 0.975, 'steps')).toBe(3);
    expect(lengthToReach(curve, 0.99, 'seconds')).toBeNull();
  });
});

describe('the rows', () => {
  const side = (name: string, vInfo: number, lengthToReach: number | null) => {
    const curve = [{ step: 1, seconds: 1, vInfo }];
    const thresholds = { topology: 0.3, pixel: 0.5 };
    const part: Part = { name, maps: '', thresholds, steps: 1, seconds: 1, curve, notes: '' };
    return {
      fold: 'fold 1',
      part,
      scores: { vInfo, vRand: 0.9, dice: 0.8, accuracy: 0.9, lengthToReach },
    };
  };

  it('say that more score and less time are better, and average the folds', () => {
    const rows = accuracyRows(
      [
        [side('ours', 0.98, 100), side('peer', 0.49, 200)],
        [side('ours', 0.96, 100), side('peer', 0.48, 200)],
      ],
      2,
      'seconds',
    );
    const mean = (measure: string) =>
      rows.find((row) => row.case.startsWith('mean') && row.case.includes(measure));
    expect(mean('V_Info at')?.ours).toBeCloseTo(0.97);
    expect(mean('V_Info at')?.ratio).toBeCloseTo(2);
    expect(mean('training until')?.ratio).toBeCloseTo(2);
    expect(mean('training until')?.samples).toBe(2);
  });

  it('give no mean time when a fold never got there', () => {
    const rows = accuracyRows(
      [
        [side('ours', 0.98, 100), side('peer', 0.97, 120)],
        [side('ours', 0.96, null), side('peer', 0.97, 120)],
      ],
      2,
      'seconds',
    );
    const time = rows.find((row) => row.case.startsWith('mean: training until'));
    expect([time?.ours, time?.ratio]).toEqual([null, null]);
  });
});
