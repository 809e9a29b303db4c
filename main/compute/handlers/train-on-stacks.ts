import { trainingRecipe, type Recipe } from '#model/training/defaults';
import type { TrainParams, TrainResult } from '../requests';
import { readLabelledStacks } from './labelled-slices';
import { portioned } from './portion';
import { toScores } from './scores';
import { baseFiltersOf, follow, recipeRecord, type TrainSetting } from './follow-training';

type Stacks = Extract<TrainParams['data'], { kind: 'stacks' }>;

/** Training on one's own time: the step limit only keeps the loss curve finite. */
const MOST_STEPS = 1_000_000;

function recipeFor({ budget }: TrainParams): Recipe {
  if (budget.seconds !== null) {
    const mostSteps = budget.steps ?? MOST_STEPS;
    return {
      ...trainingRecipe,
      stop: { kind: 'minutes', minutes: budget.seconds / 60, mostSteps },
    };
  }
  if (budget.steps !== null)
    return { ...trainingRecipe, stop: { kind: 'steps', steps: budget.steps } };
  return trainingRecipe;
}

/** Trains on an image stack and its label stack. */
export async function trainOnStacks(setting: TrainSetting, data: Stacks): Promise<TrainResult> {
  const { params, context, engine, network, start } = setting;
  const { signal, progress } = context;
  const { train, validation } = await readLabelledStacks(data, {
    group: 'labels',
    weight: 1,
    signal,
    onProgress: (done, total) => {
      progress({ kind: 'note', note: `Reading slice ${done} of ${total}` });
    },
  });
  const recipe = portioned(recipeFor(params), params.choice);
  const run = await follow(
    {
      engine,
      network,
      slices: train,
      validation,
      recipe,
      seed: params.seed,
      ...(start === null ? {} : { weights: start.weights }),
    },
    setting,
  );
  const result = run.done.validation;
  return {
    engine: engine.description,
    device: engine.device,
    network: { ...network },
    baseFilters: baseFiltersOf(network),
    weights: run.weights,
    thresholds: {
      topology: result?.threshold ?? start?.file.thresholds.topology ?? 0.5,
      pixel: result?.pixelThreshold ?? start?.file.thresholds.pixel ?? 0.5,
    },
    scores: toScores(result),
    steps: run.steps,
    seconds: run.seconds,
    finalLoss: run.finalLoss,
    curve: run.curve,
    recipe: {
      ...recipeRecord(recipe),
      keptStep: run.done.bestStep,
      completed: run.done.completed,
    },
    comparison: null,
  };
}
