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
  /** The classes behind membrane, in the order of the network's maps; null = no slice says anything about it. */
  readonly classes: readonly (ClassScore | null)[];
  /** What the best checkpoint is chosen by: V_Info, or Dice where no slice has dense truth; with further classes the mean of it and their Dice. */
  readonly rank: number;
}

/** How well a class is found. */
export interface ClassScore {
  /** Of the class iff p ≥ threshold: where its Dice is best. */
  readonly threshold: number;
  readonly dice: number;
}

export interface Validated {
  readonly result: ValidationResult;
  readonly probabilities: readonly Float32Array<ArrayBuffer>[];
}

/** The threshold of the class at plane `c`, chosen on slices, and its Dice there; null where none says anything. */
function scoreClass(
  slices: readonly ValidationSlice[],
  maps: readonly Float32Array<ArrayBuffer>[],
  c: number,
  coarse: boolean,
): ClassScore | null {
  const scored = slices.flatMap(({ others, width, height }, i): ScoredSlice[] => {
    const truth = others?.[c - 1];
    const area = width * height;
    const probability = (maps[i] ?? new Float32Array()).subarray(c * area, (c + 1) * area);
    // What has no map for the class is scored on membrane alone.
    if (truth == null || probability.length < area) return [];
    const { target, weight = new Uint8Array(area).fill(1) } = truth;
    return [{ probability, truth: target, width, height, weight }];
  });
  if (scored.length === 0) return null;
  const { pixelThreshold, dice } = chooseThresholds(scored, { coarse });
  return { threshold: pixelThreshold, dice };
}

/** Scores the maps of slices (all classes of one behind one another), one each in their order, with thresholds chosen on them. */
export function scoreMaps(
  slices: readonly ValidationSlice[],
  maps: readonly Float32Array<ArrayBuffer>[],
  { coarse }: { readonly coarse: boolean },
): ValidationResult {
  const scored = slices.map(({ target, width, height, weight }, i): ScoredSlice => {
    const probability = (maps[i] ?? new Float32Array()).subarray(0, width * height);
    const base = { probability, truth: target, width, height };
    return weight === undefined ? base : { ...base, weight };
  });
  const thresholds = chooseThresholds(scored, { coarse });
  const dense = scored.filter(({ weight }) => weight === undefined);
  const regional = dense.length > 0 ? dense : scored;
  const most = slices.reduce((count, { others }) => Math.max(count, others?.length ?? 0), 0);
  const classes = Array.from({ length: most }, (_, c) => scoreClass(slices, maps, c + 1, coarse));
  const own = Number.isNaN(thresholds.vInfo) ? thresholds.dice : thresholds.vInfo;
  const ranks = [own, ...classes.flatMap((score) => (score === null ? [] : [score.dice]))];
  return {
    ...thresholds,
    classes,
    atThreshold: evaluateStack(regional, thresholds.threshold),
    atPixelThreshold: evaluateStack(scored, thresholds.pixelThreshold),
    rank: ranks.reduce((sum, rank) => sum + rank, 0) / ranks.length,
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
        await predictor.predictAll(
          slice,
          options.signal === undefined ? {} : { signal: options.signal },
        ),
      );
    return { result: scoreMaps(slices, probabilities, options), probabilities };
  } finally {
    predictor.dispose();
  }
}
