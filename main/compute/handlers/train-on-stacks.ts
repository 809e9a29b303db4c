import { trainingRecipe, type Recipe } from '#model/training/defaults';
import type { GroupShare } from '#model/training/sampler';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { LabelledStacks, TrainParams, TrainResult } from '../requests';
import { readLabelledStacks, type LabelledSlices } from './labelled-slices';
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

/** Reads all sources; the slices of each are a group of their own. */
async function readSources(
  sources: readonly LabelledStacks[],
  { context: { signal, progress } }: TrainSetting,
): Promise<LabelledSlices> {
  const train: TrainingSlice[] = [];
  const validation: ValidationSlice[] = [];
  for (const [i, source] of sources.entries()) {
    const part = await readLabelledStacks(source, {
      group: i === 0 ? 'labels' : `labels-${i + 1}`,
      weight: 1,
      signal,
      onProgress: (done, total) => {
        progress({ kind: 'note', note: `Reading slice ${done} of ${total}` });
      },
    });
    train.push(...part.train);
    validation.push(...part.validation);
  }
  return { train, validation };
}

/** As many crops from each source, so that a large stack doesn't outvote a small one. */
function equalShares(slices: readonly TrainingSlice[]): readonly GroupShare[] {
  return [...new Set(slices.map(({ group }) => group))].map((group) => ({ group, share: 1 }));
}

/** Trains on image stacks and their label stacks. */
export async function trainOnStacks(setting: TrainSetting, data: Stacks): Promise<TrainResult> {
  const { params, engine, network, start } = setting;
  const { train, validation } = await readSources(data.sources, setting);
  const recipe = { ...recipeFor(params), plan: equalShares(train) };
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
