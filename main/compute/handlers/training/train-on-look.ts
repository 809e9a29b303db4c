import { fitRecipe, type Recipe } from '#model/training/defaults';
import type { TrainingSlice } from '#model/training/training-slice';
import type { TrainParams, TrainResult } from '../../requests';
import { readCleanPictures } from '../slices/clean-pictures';
import {
  follow,
  noting,
  recipeRecord,
  runResult,
  startOf,
  type TrainSetting,
} from './follow-training';
import { keepingClasses } from './known-classes';
import { portioned } from './portion';
import { stackAnswer } from '../slices/stack-answer';
import { inStackLook, stackLook } from '../slices/stack-look';
import { stackPictures } from '../slices/stack-pictures';

type Fit = Extract<TrainParams['data'], { kind: 'fit' }>;

function recipeFor({ budget }: TrainParams): Recipe {
  const { steps, seconds } = budget;
  if (seconds !== null) {
    const stop = { kind: 'minutes', minutes: seconds / 60, mostSteps: steps ?? 120 } as const;
    return { ...fitRecipe, stop };
  }
  return steps === null ? fitRecipe : { ...fitRecipe, stop: { kind: 'steps', steps } };
}

function mostSteps({ stop }: Recipe): number {
  switch (stop.kind) {
    case 'steps':
      return stop.steps;
    case 'minutes':
      return stop.mostSteps;
  }
}

/**
 * Trains a model version on clean pictures of other tissue in the look of a
 * stack of which nothing is labelled, and measures its answers on the stack
 * before and after. Thresholds stay those of the version it started from.
 */
export async function trainOnLook(setting: TrainSetting, data: Fit): Promise<TrainResult> {
  const { params, context, engine, network } = setting;
  const { signal, progress } = context;
  const start = startOf(setting, { what: 'Fitting', hint: 'Choose a model first.' });
  const note = noting(setting);
  const seen = await stackPictures(data, start, { signal, note });
  const clean: TrainingSlice[] = [];
  for (const pictures of data.pictures)
    clean.push(
      ...(await readCleanPictures(pictures, {
        start,
        engine,
        group: 'replay',
        signal,
        onProgress: (done, total) => {
          note(`Reading clean picture ${done} of ${total}`);
        },
        onLeftOut: (slices) => {
          progress({ kind: 'left-out', image: pictures.image.path, slices: [...slices] });
        },
      })),
    );
  note('Putting the clean pictures into the look of the stack');
  const { conditioning } = data;
  const look = stackLook(clean, seen);
  const taught = await keepingClasses(clean, start, engine, signal);
  const recipe = portioned(recipeFor(params), params.choice);
  const slices = await inStackLook(taught, look, conditioning, {
    seed: params.seed,
    signal,
    crops: mostSteps(recipe) * recipe.batch,
  });
  note('Asking the model in use');
  const { thresholds } = start.file;
  const asked = { engine, network, threshold: thresholds.topology, conditioning, signal };
  const before = await stackAnswer(seen, { ...asked, weights: start.weights });
  const run = await follow(
    {
      engine,
      network,
      weights: start.weights,
      slices,
      validation: [],
      recipe,
      seed: params.seed,
    },
    setting,
  );
  note('Asking the new model');
  const after = await stackAnswer(seen, { ...asked, weights: run.weights });
  const { blur, noise, misfit } = look;
  return {
    ...runResult(setting, network, run),
    thresholds,
    classes: start.file.classes,
    scores: null,
    recipe: { ...recipeRecord(recipe), blur, noise },
    comparison: null,
    fitted: {
      slices: seen.map(({ z }) => z),
      look: { blur, noise, misfit },
      pictures: clean.length,
      before,
      after,
    },
    unreadable: [],
  };
}
