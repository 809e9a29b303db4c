import { trainingRecipe, type Recipe } from '#model/training/defaults';
import type { GroupShare } from '#model/training/sampler';
import { validate } from '#model/training/validation';
import type { TrainingSlice, ValidationSlice } from '#model/training/training-slice';
import type { NamedClass, TrainingSource, TrainParams, TrainResult } from '../../requests';
import {
  classesToLearn,
  keepingClasses,
  learntClasses,
  placeOf,
  withMapFor,
} from './known-classes';
import { loadNetwork } from '../loaded-network';
import { readLabelledStacks, type LabelledSlices } from '../slices/labelled-slices';
import { portioned } from './portion';
import { scoreVersion } from '../scores/score-version';
import { toScores } from '../scores/scores';
import { follow, recipeRecord, runResult, type TrainSetting } from './follow-training';

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

/** Membranes take 10 to 30 % of tissue: from here on it is likelier the other value that was named. */
const MOSTLY = 0.5;

/** A warning where most of what is labelled counts as membrane; null where it does not. */
function membraneWarning(slices: readonly TrainingSlice[]): string | null {
  let [membrane, labelled] = [0, 0];
  for (const { target, weight } of slices)
    target.forEach((value, at) => {
      if ((weight[at] ?? 0) === 0) return;
      labelled += 1;
      membrane += value;
    });
  if (membrane <= MOSTLY * labelled) return null;
  const share = Math.round((100 * membrane) / labelled);
  return `${String(share)} % of the labelled pixels count as membrane, more than membranes take: check that the value named for them is not that of the cells.`;
}

/** `validated` names the first slices of `validation`: those of the first source. */
interface Sources extends Omit<LabelledSlices, 'empty'> {
  /** As many crops from each source as it asks for, so that a large stack doesn't outvote a small one. */
  readonly plan: readonly GroupShare[];
}

/** Reads all sources; the slices of each are a group of their own. What the start knows of classes that they don't label it is taught again. */
async function readSources(
  sources: readonly TrainingSource[],
  classes: readonly NamedClass[],
  { context: { signal, progress }, engine, start }: TrainSetting,
): Promise<Sources> {
  const train: TrainingSlice[] = [];
  const validation: ValidationSlice[] = [];
  const plan: GroupShare[] = [];
  let validated: readonly number[] = [];
  for (const [i, source] of sources.entries()) {
    const group = i === 0 ? 'labels' : `labels-${i + 1}`;
    const part = await readLabelledStacks(source, {
      group,
      weight: 1,
      signal,
      classes: classes.map((one) => {
        const own = source.classes ?? [];
        return own[placeOf(own, one)] ?? null;
      }),
      onProgress: (done, total) => {
        progress({ kind: 'note', note: `Reading slice ${done} of ${total}` });
      },
    });
    if (part.empty.length > 0)
      progress({ kind: 'left-out', image: source.image.path, slices: [...part.empty] });
    train.push(
      ...(start === null ? part.train : await keepingClasses(part.train, start, engine, signal)),
    );
    validation.push(...part.validation);
    if (i === 0) ({ validated } = part);
    plan.push({ group, share: source.share ?? 1 });
  }
  return { train, validation, validated, plan };
}

/** Trains on image stacks and their label stacks. */
export async function trainOnStacks(setting: TrainSetting, data: Stacks): Promise<TrainResult> {
  const { params, engine, start } = setting;
  const classes = classesToLearn(
    start?.file.classes ?? [],
    data.sources.flatMap((source) => source.classes ?? []),
  );
  const { network, weights } =
    start === null
      ? { network: setting.network, weights: null }
      : withMapFor(classes, start, params.seed);
  const { train, validation, validated, plan } = await readSources(data.sources, classes, setting);
  const warning = membraneWarning(train);
  if (warning !== null) setting.context.progress({ kind: 'warning', note: warning });
  const recipe = portioned({ ...recipeFor(params), plan }, params.choice);
  const run = await follow(
    {
      engine,
      network,
      slices: train,
      validation,
      recipe,
      seed: params.seed,
      ...(weights === null ? {} : { weights }),
    },
    setting,
  );
  const result = run.done.validation;
  return {
    ...runResult(setting, network, run),
    thresholds: {
      topology: result?.threshold ?? start?.file.thresholds.topology ?? 0.5,
      pixel: result?.pixelThreshold ?? start?.file.thresholds.pixel ?? 0.5,
    },
    classes: learntClasses(classes, start?.file.classes ?? [], result?.classes ?? []),
    scores: toScores(result),
    recipe: {
      ...recipeRecord(recipe),
      keptStep: run.done.bestStep,
      completed: run.done.completed,
    },
    comparison: await compare(
      { ...setting, network },
      data.compare,
      { validation, validated },
      run.weights,
    ),
    unreadable: [],
  };
}

/** The new weights beside the version in use, on the slices that neither learnt from and that show tissue. */
async function compare(
  { engine, network, context }: TrainSetting,
  rival: Stacks['compare'],
  { validation, validated }: Pick<Sources, 'validation' | 'validated'>,
  weights: Float32Array<ArrayBuffer>,
): Promise<TrainResult['comparison']> {
  if (rival === undefined) return null;
  const { signal, progress } = context;
  progress({ kind: 'note', note: 'Scoring the model in use on the same slices' });
  const slices = validated.filter((z) => rival.slices.includes(z));
  const fair = validation.filter((_, i) => slices.includes(validated[i] ?? -1));
  const inUse = await loadNetwork(rival.folder);
  const before = await scoreVersion(engine, inUse, fair, rival.pixelSize, signal);
  const after = await validate(engine, network, weights, fair, { coarse: false, signal });
  return {
    dense: { from: 'validation', slices, before, after: toScores(after?.result) },
    obedience: null,
    untouched: null,
    changed: null,
  };
}
