import type { Conditioning } from '#contract/entities';
import type { Engine } from '#model/engines/engine';
import { meanAgreement } from '#model/conditioning/cell-agreement';
import {
  addFlip,
  flipScore,
  noFlipSums,
  predictPair,
  type MapPair,
} from '#model/conditioning/flip';
import { conditionSlice } from '#model/inference/condition';
import { SlicePredictor, type NormalisedSlice } from '#model/inference/predictor';
import { cellCount } from '#model/metrics/cell-count';
import type { Network } from '#model/network/network';
import type { StackAnswer } from '../../requests';
import { breathe } from '../../serve';
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
  const pairs: MapPair[] = [];
  try {
    for (const { image, known, width, height } of pictures) {
      // Their polarity is the network's already.
      const how = { ...conditioning, inverted: false };
      const seen = { image: conditionSlice(image, known, width, height, how), width, height };
      const predict = (slice: NormalisedSlice) => predictor.predict(slice, { signal });
      pairs.push(await predictPair(predict, seen, known));
      await breathe(signal);
    }
  } finally {
    predictor.dispose();
  }
  const { disagreement, share } = flipScore(pairs.reduce(addFlip, noFlipSums));
  const { vInfo } = meanAgreement(pairs, threshold);
  const cells = pairs.map((pair) => cellCount(pair.map, threshold, pair));
  return {
    disagreement: Number.isFinite(disagreement) ? disagreement : null,
    membrane: share,
    agreement: vInfo,
    cells: cells.reduce((sum, count) => sum + count, 0) / Math.max(1, cells.length),
  };
}
