import { pseudoLabels } from '#main/jobs/training-set';
import { SlicePredictor } from '#model/inference/predictor';
import type { Engine } from '#model/engines/engine';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { LabelledStacks } from '../requests';
import { readLabelledStacks } from './labelled-slices';
import type { LoadedNetwork } from './loaded-network';

/** Labelled pictures of another stack that a round learns from beside the corrections. */
export interface Replay {
  readonly train: readonly TrainingSlice[];
  /** Pictures with dense truth that never train: whether the model still knows what it knew. */
  readonly truth: readonly ValidationSlice[];
}

export interface ReplaySources {
  readonly start: LoadedNetwork;
  readonly engine: Engine;
  readonly signal: AbortSignal;
  /** Weight of a labelled pixel. */
  readonly weight: number;
}

/** The one door through which replay comes into a round. */
export async function readReplay(
  stacks: LabelledStacks,
  { start, engine, signal, weight }: ReplaySources,
): Promise<Replay> {
  const read = await readLabelledStacks(stacks, { group: 'replay', weight, signal });
  const predictor = new SlicePredictor(engine, start.network, start.weights);
  const train: TrainingSlice[] = [];
  try {
    for (const slice of read.train) train.push(await agreed(slice, predictor, start, signal));
  } finally {
    predictor.dispose();
  }
  return { train, truth: read.validation };
}

/**
 * A replay crop without the pixels where the starting model is unsure or sees
 * it otherwise than the crop's expert: replay is there to keep what the model
 * knows, not to teach it how another expert draws. Measured with the bundled
 * model, 80 strokes on one crop and 90 steps: V_Info on four other crops 0.989
 * before, 0.983 with all pixels, 0.991 with the agreed ones.
 */
async function agreed(
  slice: TrainingSlice,
  predictor: SlicePredictor,
  start: LoadedNetwork,
  signal: AbortSignal,
): Promise<TrainingSlice> {
  const map = await predictor.predict(slice, { signal });
  const own = pseudoLabels(map, start.file.thresholds);
  const weight = Float32Array.from(slice.weight, (value, i) =>
    own[i] === slice.target[i] ? value : 0,
  );
  return { ...slice, weight };
}
