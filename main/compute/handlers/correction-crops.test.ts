import { describe, expect, it } from 'vitest';
import { strokes, STROKES_SIDE as side } from '#main/jobs/testing/strokes';
import { labelWeight, learnable } from '#main/jobs/training-set';
import { correctionRecipe } from '#model/training/defaults';
import { Random } from '#model/training/random';
import { CropSampler } from '#model/training/sampler';
import type { TrainingSlice } from '#model/training/training-slice';

describe('the crops of a retraining', () => {
  const slice = (group: string, labels: Uint8Array): TrainingSlice => {
    const { target, weight, focus } = learnable(labels, new Uint8Array(side * side), undefined);
    return {
      image: new Float32Array(side * side),
      width: side,
      height: side,
      target,
      weight,
      focus,
      group,
    };
  };

  it('are at least 40 % replay after any number of batches, and strokes are in the others', () => {
    const replay = {
      ...slice('replay', new Uint8Array(side * side)),
      weight: new Float32Array(side * side).fill(labelWeight.replay),
      focus: new Uint8Array(side * side).fill(1),
    };
    const slices = [slice('new-strokes', strokes(4, 1)), slice('earlier', strokes(9, 2)), replay];
    const sampler = new CropSampler(slices, correctionRecipe.plan, 64, new Random(3));
    const drawn = { replay: 0, others: 0 };
    for (let batch = 1; batch <= 30; batch += 1) {
      for (let i = 0; i < correctionRecipe.batch; i += 1) {
        const crop = sampler.next();
        if (crop.group === 'replay') drawn.replay += 1;
        else {
          drawn.others += 1;
          expect(crop.weight.some((value) => value >= labelWeight.confirmed)).toBe(true);
        }
      }
      expect(drawn.replay + 1).toBeGreaterThanOrEqual(0.4 * correctionRecipe.batch * batch);
    }
    expect(drawn.replay / (drawn.replay + drawn.others)).toBeGreaterThanOrEqual(0.4);
  });
});
