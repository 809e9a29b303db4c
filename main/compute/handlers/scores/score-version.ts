import { noConditioning, type PixelSize, type Scores } from '#contract/entities';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor } from '#model/inference/predictor';
import { scoreMaps } from '#model/training/validation';
import type { ValidationSlice } from '#model/training/training-slice';
import type { LoadedNetwork } from '../loaded-network';
import { networkGrid, toNetwork, toStack } from '../slices/network-grid';
import { toScores } from './scores';

/**
 * A version on labelled slices of a stack, as it would segment them: at its own
 * pixel size where that of the stack, `pixelSize`, is another one. Thresholds
 * are those that suit it best there. Null: no number is defined on them.
 */
export async function scoreVersion(
  engine: Engine,
  { network, weights, file }: LoadedNetwork,
  slices: readonly ValidationSlice[],
  pixelSize: PixelSize | null,
  signal: AbortSignal,
): Promise<Scores | null> {
  if (slices.length === 0) return null;
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    const maps: Float32Array<ArrayBuffer>[] = [];
    for (const { image, width, height, weight } of slices) {
      const grid = networkGrid({ width, height }, pixelSize, file.pixelSize);
      // What does not count was filled, and must not move the grey values of the rest.
      const known = weight === undefined ? null : Uint8Array.from(weight, (w) => (w > 0 ? 1 : 0));
      const seen =
        grid.resampled === null
          ? { image, width, height }
          : toNetwork(grid, { values: image, known }, noConditioning);
      const map = await predictor.predict(seen, { signal });
      maps.push(toStack(grid, map));
    }
    return toScores(scoreMaps(slices, maps, { coarse: false }));
  } finally {
    predictor.dispose();
  }
}
