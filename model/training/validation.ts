import type { Engine } from '../engines/engine';
import { SlicePredictor } from '../inference/predictor';
import { chooseThresholds, type Thresholds } from '../metrics/choose-thresholds';
import { evaluateStack, type StackScores } from '../metrics/evaluate';
import type { ScoredSlice } from '../metrics/scored-slice';
import type { Network } from '../network/network';
import type { ValidationSlice } from './training-slice';

/** Scores of a model on its validation slices; region scores at `threshold`, pixel scores at `pixelThreshold`. */
export interface ValidationResult extends Thresholds {
  readonly atThreshold: StackScores;
  readonly atPixelThreshold: StackScores;
  /** What the best checkpoint is chosen by: V_Info, or Dice where no slice has dense truth. */
  readonly rank: number;
}

export interface Validated {
  readonly result: ValidationResult;
  readonly probabilities: readonly Float32Array<ArrayBuffer>[];
}

/** Scores the maps of slices, one each in their order, with thresholds chosen on them. */
export function scoreMaps(
  slices: readonly ValidationSlice[],
  maps: readonly Float32Array<ArrayBuffer>[],
  { coarse }: { readonly coarse: boolean },
): ValidationResult {
  const scored = slices.map(({ target, width, height, weight }, i): ScoredSlice => {
    const base = { probability: maps[i] ?? new Float32Array(), truth: target, width, height };
    return weight === undefined ? base : { ...base, weight };
  });
  const thresholds = chooseThresholds(scored, { coarse });
  const dense = scored.filter(({ weight }) => weight === undefined);
  const regional = dense.length > 0 ? dense : scored;
  return {
    ...thresholds,
    atThreshold: evaluateStack(regional, thresholds.threshold),
    atPixelThreshold: evaluateStack(scored, thresholds.pixelThreshold),
    rank: Number.isNaN(thresholds.vInfo) ? thresholds.dice : thresholds.vInfo,
  };
}

/** Predicts the slices and scores them with thresholds chosen on them; undefined without slices. */
export async function validate(
  engine: Engine,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  slices: readonly ValidationSlice[],
  options: { readonly coarse: boolean; readonly signal?: AbortSignal },
): Promise<Validated | undefined> {
  if (slices.length === 0) return undefined;
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    const probabilities: Float32Array<ArrayBuffer>[] = [];
    for (const slice of slices)
      probabilities.push(
        await predictor.predict(
          slice,
          options.signal === undefined ? {} : { signal: options.signal },
        ),
      );
    return { result: scoreMaps(slices, probabilities, options), probabilities };
  } finally {
    predictor.dispose();
  }
}
