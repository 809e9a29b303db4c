import type { UNetOptions } from '../network/unet';
import type { Augmentation } from './augment';
import type { GroupShare } from './sampler';
import type { StopRule } from './schedule';

/** Everything that decides a training run, apart from data, start weights and seed. */
export interface Recipe {
  readonly stop: StopRule;
  /** Crops in a batch, and how many of them the engine computes at once. */
  readonly batch: number;
  readonly microBatch: number;
  /** Side of a crop in pixels; a multiple of the network's alignment. */
  readonly crop: number;
  readonly plan: readonly GroupShare[];
  /** Share of crops that are centred on the rarer class, in [0, 1]; 0 takes labelled places as they come. */
  readonly balance: number;
  readonly augmentation: Augmentation;
  readonly peakLearningRate: number;
  /** Share of the run in which the learning rate rises. */
  readonly warmUp: number;
  readonly averageDecay: number;
  readonly diceWeight: number;
  /** How much the loss of each class beside membrane counts; 1 where left out. */
  readonly otherClassWeight?: number;
  readonly weightDecay: number;
  readonly gradientClip: number;
  /** Steps between two validations, previews and checkpoints. */
  readonly validateEvery: number;
  readonly previewEvery: number;
  readonly checkpointEvery: number;
  /** Seconds after which a checkpoint comes anyway: what a crash may cost. */
  readonly checkpointSeconds: number;
}

/** Base 8 on a CPU: nets of twice the width were within noise of it on 24 ISBI slices and cost four times as much. */
export const defaultNetwork: UNetOptions = {
  baseFilters: 8,
  levels: 4,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
};

/**
 * Ranges that kept or improved V_Info on ISBI at 600 to 1,800 steps. Deformed
 * crops (docs/decisions/0009-recipe.md) gave 0.000–0.002 more V_Info and up to
 * 0.03 more V_Rand at 600 steps, for 3 % of the time.
 */
const augmentation: Augmentation = {
  dihedral: true,
  elastic: 0.5,
  elasticSpacing: 64,
  elasticDeviation: 6,
  zoom: 0.2,
  rotation: 45,
  intensity: 0.5,
  scale: [0.8, 1.25],
  shift: 0.3,
  noise: 0.25,
  noiseDeviation: 0.15,
  blur: 0.25,
  blurDeviation: 1.2,
};

/**
 * From fresh weights on a labelled stack. The schedule, peak and weight decay
 * are those of the measured ISBI runs (600 steps of 4 × 256², AdamW, peak
 * 3e-3). Two crops at a time are the fastest here (base 8, 2 threads: 4 × 1
 * took 0.95 s a step, 2 × 2 0.57 s, 1 × 4 0.82 s, on a shared machine) and stay far
 * below the 2 GiB that a utility process may allocate at once.
 */
export const trainingRecipe: Recipe = {
  stop: { kind: 'steps', steps: 600 },
  batch: 4,
  microBatch: 2,
  crop: 256,
  plan: [{ group: 'labels', share: 1 }],
  balance: 0,
  augmentation,
  peakLearningRate: 3e-3,
  warmUp: 0.12,
  averageDecay: 0.99,
  diceWeight: 0.5,
  weightDecay: 1e-4,
  gradientClip: 1,
  validateEvery: 100,
  previewEvery: 20,
  checkpointEvery: 100,
  checkpointSeconds: 20,
};

/** Share of the crops of a round that are centred on strokes; the others are replay. */
const ON_STROKES = 0.4;

/**
 * Whose crops a round learns from. Replay is not optional: corrections alone
 * took V_Info from 0.97 to 0.92 in the measured rounds. New strokes are drawn
 * twice as often as all earlier ones together.
 */
export function correctionPlan(earlier: boolean): readonly GroupShare[] {
  return [
    { group: 'new-strokes', share: earlier ? (ON_STROKES * 2) / 3 : ON_STROKES },
    { group: 'earlier', share: earlier ? ON_STROKES / 3 : 0 },
    { group: 'replay', share: 1 - ON_STROKES },
  ];
}

/** Of a round about other classes, whose slices hold the model's own map of membrane as well. */
export const keptMembranePlan: readonly GroupShare[] = [
  { group: 'new-strokes', share: 0.55 },
  { group: 'earlier', share: 0.3 },
  { group: 'replay', share: 0.15 },
];

/**
 * From a model in use on its corrections. Peak 1e-3 and 120 steps are those of
 * the measured rounds; a slow or busy machine takes longer for them, not fewer.
 */
export const correctionRecipe: Recipe = {
  ...trainingRecipe,
  stop: { kind: 'steps', steps: 120 },
  plan: correctionPlan(true),
  // Not measured on strokes, which are few pixels wide.
  augmentation: { ...augmentation, elastic: 0 },
  peakLearningRate: 1e-3,
  validateEvery: 60,
  previewEvery: 20,
  checkpointEvery: 60,
};

/**
 * From a model in use on clean pictures in the look of a stack, as measured
 * (docs/decisions/0010-fit.md): 120 steps and the peak of a correction round,
 * crops of nothing else.
 */
export const fitRecipe: Recipe = {
  ...correctionRecipe,
  stop: { kind: 'steps', steps: 120 },
  plan: [{ group: 'replay', share: 1 }],
};
