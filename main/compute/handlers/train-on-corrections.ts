import type { MaskThresholds } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { classOf, UNTOUCHED } from '#contract/label-byte';
import { membraneMask } from '#contract/mask/membrane-mask';
import { labelWeight, weightedErrors } from '#main/jobs/training-set';
import { NOTHING } from '#main/stacks/tissue/marks';
import { SlicePredictor } from '#model/inference/predictor';
import { probabilityBytes } from '#model/inference/probability-bytes';
import { correctionRecipe, type Recipe } from '#model/training/defaults';
import { validate, type ValidationResult } from '#model/training/validation';
import type { TrainParams, TrainResult } from '../requests';
import { readCorrections, type CorrectionMaterial } from './correction-slices';
import { networkGrid, toNetwork, toStack } from './network-grid';
import { portioned } from './portion';
import { toScores } from './scores';
import { inputSlice, tissueSliceOf } from './tissue-slice';
import { baseFiltersOf, follow, recipeRecord, type TrainSetting } from './follow-training';

type Corrections = Extract<TrainParams['data'], { kind: 'corrections' }>;
type Weights = Float32Array<ArrayBuffer>;

interface Checked {
  readonly result: ValidationResult | undefined;
  /** Share of wrong pixels among the corrections, in [0, 1]; null = there are none. */
  readonly wrong: number | null;
  /** At which the corrections were checked. */
  readonly threshold: number;
}

function recipeFor({ budget }: TrainParams): Recipe {
  const { steps, seconds } = budget;
  if (seconds !== null) {
    const mostSteps = steps ?? 120;
    return { ...correctionRecipe, stop: { kind: 'minutes', minutes: seconds / 60, mostSteps } };
  }
  return steps === null
    ? correctionRecipe
    : { ...correctionRecipe, stop: { kind: 'steps', steps } };
}

/**
 * Trains a model version further on corrections, replay and its own labels,
 * and scores it beside the version that it started from, on the same data.
 */
export async function trainOnCorrections(
  setting: TrainSetting,
  data: Corrections,
): Promise<TrainResult> {
  const { params, context, engine, network, start } = setting;
  const { signal, progress } = context;
  if (start === null) {
    throw new MembranaError('model.not-found', 'Retraining needs a model version to start from.', {
      hint: 'Segment with a model first, then correct and retrain.',
    });
  }
  const note = (text: string): void => {
    progress({ kind: 'note', note: text });
  };
  const material = await readCorrections(data, { start, engine, signal, note });
  note('Scoring the model in use');
  const before = await check(setting, material, start.weights, start.file.thresholds.topology);
  const maskBefore = await maskOf(setting, data, start.weights, data.compare.mask);
  const recipe = portioned(recipeFor(params), params.choice);
  const run = await follow(
    {
      engine,
      network,
      weights: start.weights,
      slices: material.train,
      // Chosen by the gate below, not step by step: a net that has hardly moved keeps its V_Info best.
      validation: [],
      recipe,
      seed: params.seed,
    },
    setting,
  );
  note('Scoring the new model');
  const after = await check(setting, material, run.weights, null);
  const thresholds = {
    topology: after.result?.threshold ?? start.file.thresholds.topology,
    pixel: after.result?.pixelThreshold ?? start.file.thresholds.pixel,
  };
  const maskAfter = await maskOf(setting, data, run.weights, {
    cells: thresholds.topology,
    pixel: thresholds.pixel,
  });
  const scores = toScores(after.result);
  if (scores !== null)
    progress({ kind: 'validation', step: run.steps, scores, loss: run.finalLoss });
  // Where the user has labelled, the mask is the label, whatever the model says.
  const labels = data.slices.find(({ z }) => z === data.compare.z)?.labels;
  let pixels = 0;
  let unlabelled = 0;
  maskBefore?.forEach((value, i) => {
    if (classOf(labels?.[i] ?? UNTOUCHED) !== UNTOUCHED) return;
    unlabelled += 1;
    if (value !== maskAfter?.[i]) pixels += 1;
  });
  return {
    engine: engine.description,
    device: engine.device,
    network: { ...network },
    baseFilters: baseFiltersOf(network),
    weights: run.weights,
    thresholds,
    scores,
    steps: run.steps,
    seconds: run.seconds,
    finalLoss: run.finalLoss,
    curve: run.curve,
    recipe: {
      ...recipeRecord(recipe),
      paintedWeight: labelWeight.painted,
      confirmedWeight: labelWeight.confirmed,
      pseudoWeight: labelWeight.pseudo,
      replayWeight: labelWeight.replay,
      heldBack: material.heldBack,
    },
    comparison: {
      dense:
        material.dense.truth.length === 0
          ? null
          : {
              from: material.dense.from,
              slices: [...material.dense.slices],
              before: toScores(before.result),
              after: scores,
            },
      corrections:
        before.wrong === null || after.wrong === null
          ? null
          : {
              slices: [...new Set(material.corrections.map(({ z }) => z))].sort((a, b) => a - b),
              heldBack: material.heldBack,
              before: before.wrong,
              after: after.wrong,
              thresholds: { before: before.threshold, after: after.threshold },
            },
      changed: maskBefore === null ? null : { pixels, unlabelled },
    },
    unreadable: [...material.unreadable],
  };
}

/**
 * Scores weights on dense truth, with the threshold that suits them best
 * there, and on the user's labels. `threshold` null = the one just chosen.
 */
async function check(
  { engine, network, context }: TrainSetting,
  material: CorrectionMaterial,
  weights: Weights,
  threshold: number | null,
): Promise<Checked> {
  const { signal } = context;
  const options = { coarse: false, signal };
  const dense = await validate(engine, network, weights, material.dense.truth, options);
  const checkedAt = threshold ?? dense?.result.threshold ?? 0.5;
  const predictor = new SlicePredictor(engine, network, weights);
  let wrong = 0;
  let all = 0;
  try {
    for (const slice of material.corrections) {
      const map = await predictor.predict(slice, { signal });
      const errors = weightedErrors(map, slice, checkedAt);
      wrong += errors.wrong;
      all += errors.all;
    }
  } finally {
    predictor.dispose();
  }
  return { result: dense?.result, wrong: all > 0 ? wrong / all : null, threshold: checkedAt };
}

/** The mask of the slice that the user looks at; null where it can't be read. */
async function maskOf(
  { engine, network, context, start }: TrainSetting,
  data: Corrections,
  weights: Weights,
  thresholds: MaskThresholds,
): Promise<Uint8Array | null> {
  const { signal } = context;
  const read = await tissueSliceOf(data.stack, data.compare.z, signal).catch(unlessUnreadable);
  if (read === null) return null;
  const { marks, box } = read.tissue;
  const grid = networkGrid(
    read.grey,
    data.pixelSize,
    start?.file.pixelSize ?? null,
    data.conditioning.scale,
  );
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    // In bytes, as the prediction is kept and drawn.
    const seen = await predictor.predict(toNetwork(grid, inputSlice(read), data.conditioning), {
      signal,
    });
    const map = probabilityBytes(toStack(grid, seen));
    const empty = (at: number): boolean => box === null || marks?.[at] === NOTHING;
    const prediction = map.map((probability, at) => (empty(at) ? 0 : probability));
    return membraneMask(prediction, read.grey.width, read.grey.height, thresholds);
  } finally {
    predictor.dispose();
  }
}

function unlessUnreadable(error: unknown): null {
  if (error instanceof MembranaError && error.code === 'stack.page-unreadable') return null;
  throw error;
}
