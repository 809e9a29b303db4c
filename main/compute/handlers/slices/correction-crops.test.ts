import { describe, expect, it } from 'vitest';
import { strokes, STROKES_SIDE as side } from '#main/jobs/testing/strokes';
import { learnable } from '#main/corrections/training-set';
import { correctionPlan, correctionRecipe } from '#model/training/defaults';
import { Random } from '#model/training/random';
import { CropSampler } from '#model/training/sampler';
import type { TrainingSlice } from '#model/training/training-slice';

describe('the crops of a retraining', () => {
  const weights = { confirmed: 0.02, pseudo: 0.01, replay: 0.08 };
  const slice = (group: string, labels: Uint8Array): TrainingSlice => {
    const own = new Uint8Array(side * side);
    return {
      image: new Float32Array(side * side),
      width: side,
      height: side,
      ...learnable(labels, own, undefined, weights),
      group,
    };
  };
  const replay = {
    ...slice('replay', new Uint8Array(side * side)),
    weight: new Float32Array(side * side).fill(weights.replay),
    focus: new Uint8Array(side * side).fill(1),
  };

  /** How many crops of each group 30 batches hold; a stroke lies in each that is no replay. */
  function drawn(slices: readonly TrainingSlice[], earlier: boolean): Map<string, number> {
    const sampler = new CropSampler(slices, correctionPlan(earlier), 64, new Random(3));
    const counts = new Map<string, number>();
    for (let i = 0; i < 30 * correctionRecipe.batch; i += 1) {
      const { group, weight } = sampler.next();
      counts.set(group, (counts.get(group) ?? 0) + 1);
      if (group !== 'replay') expect(weight).toContain(1);
    }
    return counts;
  }

  it('are 40 % on strokes and 60 % replay, with strokes of earlier rounds or without', () => {
    const [fresh, old] = [slice('new-strokes', strokes(4, 1)), slice('earlier', strokes(9, 2))];
    expect(Object.fromEntries(drawn([fresh, replay], false))).toEqual({
      'new-strokes': 48,
      replay: 72,
    });
    expect(Object.fromEntries(drawn([fresh, old, replay], true))).toEqual({
      'new-strokes': 32,
      earlier: 16,
      replay: 72,
    });
  });
});
