import type { Conditioning } from '#contract/entities';
import type { Engine } from '#model/engines/engine';
import { addFlip, flipScore, noFlipSums, predictPair } from '#model/conditioning/flip';
import { conditionSlice } from '#model/inference/condition';
import { SlicePredictor } from '#model/inference/predictor';
import { cellCount } from '#model/metrics/cell-count';
import type { Network } from '#model/network/network';
import type { StackAnswer } from '../requests';
import type { StackPicture } from './stack-pictures';

export interface Answering {
  readonly engine: Engine;
  readonly network: Network;
  readonly weights: Float32Array<ArrayBuffer>;
  /** The threshold that cells are counted at. */
  readonly threshold: number;
  readonly conditioning: Conditioning;
  readonly signal: AbortSignal;
}

/** What weights answer on pictures of a stack: how much it depends on the way they lie, and what it marks. */
export async function stackAnswer(
  pictures: readonly StackPicture[],
  { engine, network, weights, threshold, conditioning, signal }: Answering,
): Promise<StackAnswer> {
  const predictor = new SlicePredictor(engine, network, weights);
  let sums = noFlipSums;
  let cells = 0;
  try {
    for (const { image, known, width, height } of pictures) {
      // Their polarity is the network's already.
      const how = { ...conditioning, inverted: false };
      const seen = { image: conditionSlice(image, known, width, height, how), width, height };
      const pair = await predictPair((slice) => predictor.predict(slice, { signal }), seen, known);
      sums = addFlip(sums, pair);
      cells += cellCount(pair.map, threshold, { width, height });
    }
  } finally {
    predictor.dispose();
  }
  const { disagreement, share } = flipScore(sums);
  return {
    disagreement: Number.isFinite(disagreement) ? disagreement : null,
    membrane: share,
    cells,
  };
}
