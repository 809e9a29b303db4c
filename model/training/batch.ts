import type { MicroBatch } from '../engines/engine';
import { augment } from './augment';
import type { Recipe } from './defaults';
import type { Random } from './random';
import type { Crop, CropSampler } from './sampler';

function pack(crops: readonly Crop[], side: number): MicroBatch {
  const area = side * side;
  const image = new Float32Array(crops.length * area);
  const target = new Float32Array(crops.length * area);
  const weight = new Float32Array(crops.length * area);
  crops.forEach((crop, i) => {
    image.set(crop.image, i * area);
    target.set(crop.target, i * area);
    weight.set(crop.weight, i * area);
  });
  return { count: crops.length, image, target, weight };
}

/** Draws, augments and packs the crops of one step. */
export function nextBatch(
  sampler: CropSampler,
  recipe: Recipe,
  random: Random,
): readonly MicroBatch[] {
  const crops = Array.from({ length: recipe.batch }, () =>
    augment(sampler.next(), recipe.augmentation, random),
  );
  const batches: MicroBatch[] = [];
  for (let start = 0; start < crops.length; start += recipe.microBatch) {
    batches.push(pack(crops.slice(start, start + recipe.microBatch), recipe.crop));
  }
  return batches;
}
