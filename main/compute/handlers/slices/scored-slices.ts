import { greyRegion } from '#main/stacks/grey-region';
import type { StackSource } from '#main/stacks/stack-source';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { ScoredStack, TakenRange } from '../../requests';
import { breathe } from '../../serve';
import { readLabelSlice, requireSameShape, valueAbsent } from './label-slices';
import { takenRange, toProbability, type ValueSurvey } from '../prediction-range';
import { openStacks, readWholeSlice } from './slice-pixels';
import { surveyValues } from './survey-values';

/** Probability maps beside the truth of the same slices, open. */
export interface OpenScored {
  readonly params: ScoredStack;
  readonly prediction: StackSource;
  readonly truth: StackSource;
  /** The prediction shows just the slices asked for, in their order. */
  readonly onlyThese: boolean;
  readonly survey: ValueSurvey;
  /** What the prediction's values are taken for. */
  readonly range: TakenRange;
}

/** A slice to score, and what of it is no number. */
export interface ReadScored {
  readonly slice: ScoredSlice;
  readonly notNumbers: number;
}

/**
 * Opens both, sees that they belong together and what the prediction's values mean.
 * @throws MembranaError stack.shape-mismatch, labels.value-absent, prediction.range-unclear
 */
export async function openScored(params: ScoredStack, signal: AbortSignal): Promise<OpenScored> {
  const prediction = await openStacks.get(params.prediction, signal, params.channel ?? null);
  const truth = await openStacks.get(params.truth, signal);
  const onlyThese =
    prediction.info.depth !== truth.info.depth && prediction.info.depth === params.slices.length;
  const shown = onlyThese ? { ...truth.info, depth: params.slices.length } : truth.info;
  requireSameShape(prediction.info, shown, 'The prediction', 'the truth');
  await requireMembrane(truth, params, signal);
  const slices = onlyThese ? [...params.slices.keys()] : params.slices;
  const survey = await surveyValues(prediction, slices, signal);
  const range = takenRange(params.range ?? { kind: 'auto' }, survey);
  return { params, prediction, truth, onlyThese, survey, range };
}

/** The i-th of the slices asked for: probabilities as floats, 1 = membrane in the truth. */
export async function readScoredSlice(
  { params, prediction, truth, onlyThese, range }: OpenScored,
  i: number,
  signal: AbortSignal,
): Promise<ReadScored> {
  const z = params.slices[i] ?? 0;
  const region = await readWholeSlice(prediction, onlyThese ? i : z, signal);
  const { data, opaque, width, height } = greyRegion(region, prediction.info.meaning);
  const { target, weight } = await readLabelSlice(truth, z, params, signal);
  const probability = new Float32Array(target.length);
  let left = weight;
  let notNumbers = 0;
  for (let at = 0; at < probability.length; at += 1) {
    const value = Number(data[at]);
    const known = Number.isFinite(value);
    if (known && opaque?.[at] !== 0) {
      probability[at] = toProbability(value, range, params.invert === true);
      continue;
    }
    if (!known) notNumbers += 1;
    left ??= new Uint8Array(target.length).fill(1);
    left[at] = 0;
  }
  const base = { probability, truth: target, width, height };
  return { slice: left === null ? base : { ...base, weight: left }, notNumbers };
}

/** The commonest slip, found before minutes of scoring: mostly the first slice answers. */
async function requireMembrane(
  truth: StackSource,
  params: ScoredStack,
  signal: AbortSignal,
): Promise<void> {
  for (const z of params.slices) {
    if ((await readLabelSlice(truth, z, params, signal)).membranePixels > 0) return;
    await breathe(signal);
  }
  const first = params.slices[0] ?? 0;
  throw await valueAbsent(truth, first, params.membrane, 'the truth', signal);
}
