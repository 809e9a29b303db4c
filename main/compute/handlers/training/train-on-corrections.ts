import type { MaskThresholds } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { classOf, UNTOUCHED } from '#contract/label-byte';
import { membraneMask } from '#contract/mask/membrane-mask';
import type { StrokeErrors } from '#main/corrections/training-set';
import { NOTHING } from '#main/stacks/tissue/marks';
import { SlicePredictor } from '#model/inference/predictor';
import { probabilityBytes } from '#model/inference/probability-bytes';
import {
  correctionPlan,
  correctionRecipe,
  keptMembranePlan,
  type Recipe,
} from '#model/training/defaults';
import { validate, type ValidationResult } from '#model/training/validation';
import type { Comparison, StrokesWrong, TrainParams, TrainResult } from '../../requests';
import { readCorrections, type CorrectionMaterial } from '../slices/correction-slices';
import { judgeClasses } from '../scores/judge-classes';
import { withMapFor } from './known-classes';
import type { LoadedNetwork } from '../loaded-network';
import {
  follow,
  noting,
  recipeRecord,
  runResult,
  startOf,
  type TrainSetting,
} from './follow-training';
import { networkGrid, toNetwork, toStack } from '../slices/network-grid';
import { portioned } from './portion';
import { toScores } from '../scores/scores';
import { inputSlice, tissueSliceOf } from '../slices/tissue-slice';
import {
  checkStrokes,
  checkUntouched,
  type CheckedVersion,
  type StrokeCheck,
} from '../scores/version-check';

type Corrections = Extract<TrainParams['data'], { kind: 'corrections' }>;

/** The steps of a round; the clock never cuts it short. */
function recipeFor(
  { budget }: TrainParams,
  { train, keepMembrane }: Pick<CorrectionMaterial, 'train' | 'keepMembrane'>,
): Recipe {
  const plan = correctionPlan(train.some(({ group }) => group === 'earlier'));
  const recipe = { ...correctionRecipe, plan, ...(keepMembrane ? keptMembrane : {}) };
  return budget.steps === null
    ? recipe
    : { ...recipe, stop: { kind: 'steps', steps: budget.steps } };
}

/**
 * Where membranes are to stay what they are the corrected slices themselves
 * say so, pixel by pixel, and replay has little to add; and a class that counts
 * as much as membrane pulls the features from under it.
 */
const keptMembrane = { plan: keptMembranePlan, otherClassWeight: 0.3 } as const;

/**
 * Trains a model version on corrections and replay, and scores it beside the
 * version in use on the same data. Both thresholds are those of the version in
 * use. @param inUse a relative of the start, of the same network but for maps of further classes
 */
export async function trainOnCorrections(
  setting: TrainSetting,
  data: Corrections,
  inUse: LoadedNetwork,
): Promise<TrainResult> {
  const { params, context, engine } = setting;
  const { signal, progress } = context;
  const hint = 'Segment with a model first, then correct and retrain.';
  const start = startOf(setting, { what: 'Retraining', hint });
  const note = noting(setting);
  const { seed } = params;
  const material = await readCorrections(data, { start, inUse, engine, seed, signal, note });
  note('Asking the model in use, to compare with it later');
  // The thresholds stay: on confirmed slices the one that made the mask always wins, on replay it is somebody else's.
  const { thresholds } = inUse.file;
  const old = { engine, network: inUse.network, weights: inUse.weights, thresholds, signal };
  const { network, weights } = withMapFor(material.classes, start, seed);
  const replayBefore = await scoreOf(old, material);
  // In a first round it was just asked.
  const asked = sameWeights(start, inUse) ? material.startUntouched : null;
  const untouchedBefore = asked ?? (await checkUntouched(material.untouched, old));
  const maskBefore = await maskOf(setting, data, old, data.compare.mask);
  const recipe = portioned(recipeFor(params, material), params.choice);
  const run = await follow(
    {
      engine,
      network,
      weights,
      slices: material.train,
      // Chosen by the gate below, not step by step: a net that has hardly moved keeps its V_Info best.
      validation: [],
      recipe,
      seed: params.seed,
    },
    setting,
  );
  note('Asking the new model, to compare both');
  const made = { ...old, network, weights: run.weights };
  const replayAfter = await scoreOf(made, material);
  const strokesAfter = await checkStrokes(material.strokes, made);
  const untouchedAfter = await checkUntouched(material.untouched, made);
  const maskAfter = await maskOf(setting, data, made, data.compare.mask);
  const judged = await judgeClasses(material, inUse, made);
  const scores = toScores(replayAfter);
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
    ...runResult(setting, network, run),
    thresholds,
    classes: judged.classes,
    scores,
    recipe: {
      ...recipeRecord(recipe),
      confirmedWeight: material.weights.confirmed,
      pseudoWeight: material.weights.pseudo,
      replayWeight: material.weights.replay,
      ...material.replay.look,
    },
    comparison: {
      dense:
        material.replay.truth.length === 0
          ? null
          : {
              from: 'replay',
              slices: [...material.replay.slices],
              before: toScores(replayBefore),
              after: scores,
            },
      obedience: obedienceOf(material, strokesAfter),
      ...(judged.comparison.length === 0 ? {} : { classes: judged.comparison }),
      untouched:
        untouchedBefore === null || untouchedAfter === null
          ? null
          : {
              slices: material.untouched.map(({ z }) => z),
              cells: { before: untouchedBefore.cells, after: untouchedAfter.cells },
              flips: { before: untouchedBefore.flips, after: untouchedAfter.flips },
              lineWidth: { before: untouchedBefore.lineWidth, after: untouchedAfter.lineWidth },
            },
      changed: maskBefore === null ? null : { pixels, unlabelled },
    },
    unreadable: [...material.unreadable],
  };
}

function sameWeights({ weights: own }: LoadedNetwork, { weights }: LoadedNetwork): boolean {
  const same = own.length === weights.length && own.every((value, i) => value === weights[i]);
  return own === weights || same;
}

/** On replay crops that never train, at the thresholds that suit a version best there. */
async function scoreOf(
  { engine, network, weights, signal }: CheckedVersion,
  { replay }: CorrectionMaterial,
): Promise<ValidationResult | undefined> {
  const scored = await validate(engine, network, weights, replay.truth, { coarse: false, signal });
  return scored?.result;
}

function obedienceOf(
  { strokes, strokesBefore, heldWhole }: CorrectionMaterial,
  after: StrokeCheck,
): NonNullable<Comparison['obedience']> {
  const slices = strokes
    .filter(({ held }) => held.checked.includes(1))
    .map(({ z }) => z)
    .sort((a, b) => a - b);
  const held = wrongShares(strokesBefore.held, after.held);
  return {
    held: held === null ? null : { slices, whole: heldWhole, ...held },
    trained: wrongShares(strokesBefore.trained, after.trained),
  };
}

function wrongShares(before: StrokeErrors, after: StrokeErrors): StrokesWrong | null {
  const pixels = { membrane: before.membrane.pixels, interior: before.interior.pixels };
  const all = pixels.membrane + pixels.interior;
  if (all === 0) return null;
  const shares = ({ membrane, interior }: StrokeErrors) => ({
    membrane: membrane.wrong / Math.max(1, membrane.pixels),
    interior: interior.wrong / Math.max(1, interior.pixels),
    all: (membrane.wrong + interior.wrong) / all,
  });
  return { pixels, before: shares(before), after: shares(after) };
}

/** The mask of the slice that the user looks at; null where it can't be read. */
async function maskOf(
  { engine, context, start }: TrainSetting,
  data: Corrections,
  { network, weights }: Pick<CheckedVersion, 'network' | 'weights'>,
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
