import { describe, expect, it } from 'vitest';
import { BatchSource } from './batch';
import { trainingRecipe } from './defaults';
import { cells } from './testing/cells';
import type { TrainingSlice } from './training-slice';

const recipe = {
  ...trainingRecipe,
  crop: 32,
  augmentation: { ...trainingRecipe.augmentation, elastic: 1 },
};

/** Every `step`-th number from `first` on. */
const every = (values: Float32Array, first: number, step: number): number[] =>
  [...values].filter((_, i) => i % step === first);

describe('batches of several classes', () => {
  const slice = cells(80, 1);
  const inverse: TrainingSlice = {
    ...slice,
    weight: Float32Array.from(slice.target, (_, i) => (i % 3) / 2),
    others: [
      {
        target: Uint8Array.from(slice.target, (value) => 1 - value),
        weight: Float32Array.from(slice.target, (_, i) => (i % 3) / 4),
      },
      null,
    ],
  };

  it('turn, bend and cut every class as they do membrane', () => {
    const alone = new BatchSource([{ ...inverse, others: [] }], recipe, 7, 1).take();
    const together = new BatchSource([inverse], recipe, 7, 3).take();
    expect(together).toHaveLength(alone.length);
    together.forEach(({ image, target, weight }, i) => {
      expect(image).toEqual(alone[i]?.image);
      expect(every(target, 0, 3)).toEqual([...(alone[i]?.target ?? [])]);
      expect(every(weight, 0, 3)).toEqual([...(alone[i]?.weight ?? [])]);
      expect(every(weight, 1, 3)).toEqual(every(weight, 0, 3).map((value) => value / 2));
      every(target, 1, 3).forEach((value, at) => {
        if ((weight[3 * at] ?? 0) > 0) expect(value).toBe(1 - (target[3 * at] ?? NaN));
      });
    });
    expect(together.some(({ weight }) => every(weight, 1, 3).some((value) => value > 0))).toBe(
      true,
    );
  });

  it('say nothing of a class that a slice says nothing of', () => {
    for (const { target, weight } of new BatchSource([inverse], recipe, 7, 4).take())
      for (const c of [2, 3]) {
        expect(every(weight, c, 4).every((value) => value === 0)).toBe(true);
        expect(every(target, c, 4).every((value) => value === 0)).toBe(true);
      }
  });

  it('teach how sure a model was where that is to be kept', () => {
    const soft = Float32Array.from(slice.target, (value) => 0.25 + value / 2);
    const plain = new BatchSource([slice], recipe, 7, 1).take();
    const kept = new BatchSource([{ ...slice, soft }], recipe, 7, 1).take();
    kept.forEach(({ target, weight }, i) => {
      target.forEach((value, at) => {
        if ((weight[at] ?? 0) > 0) expect(value).toBe(0.25 + (plain[i]?.target[at] ?? NaN) / 2);
      });
    });
  });
});
