import type { Recipe } from '#model/training/defaults';
import type { EngineChoice } from '../../requests';

/** The predictor's tile where the choice wants a smaller one. */
export function tileOf({ portion }: EngineChoice): { readonly tile?: number } {
  return portion?.tile == null ? {} : { tile: portion.tile };
}

/** The recipe with micro-batches no larger than the choice allows; the batch, and so the result, stays. */
export function portioned(recipe: Recipe, { portion }: EngineChoice): Recipe {
  const most = portion?.microBatch ?? recipe.microBatch;
  return { ...recipe, microBatch: Math.min(recipe.microBatch, most) };
}
