import { MembranaError } from '#contract/errors';
import type { StackSource } from '#main/stacks/stack-source';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import type { ScoredStack } from '../requests';
import { breathe } from '../serve';
import { readLabelSlice, requireSameShape } from './label-slices';
import { openStacks, readGreySlice } from './slice-pixels';

/** Probability maps beside the truth of the same slices, open. */
export interface OpenScored {
  readonly params: ScoredStack;
  readonly prediction: StackSource;
  readonly truth: StackSource;
  /** The prediction shows just the slices asked for, in their order. */
  readonly onlyThese: boolean;
}

/**
 * Opens both and sees that they belong together.
 * @throws MembranaError stack.shape-mismatch, labels.value-absent
 */
export async function openScored(params: ScoredStack, signal: AbortSignal): Promise<OpenScored> {
  const prediction = await openStacks.get(params.prediction, signal);
  const truth = await openStacks.get(params.truth, signal);
  const onlyThese =
    prediction.info.depth !== truth.info.depth && prediction.info.depth === params.slices.length;
  const shown = onlyThese ? { ...truth.info, depth: params.slices.length } : truth.info;
  requireSameShape(prediction.info, shown, 'The prediction', 'the truth');
  await requireMembrane(truth, params, signal);
  return { params, prediction, truth, onlyThese };
}

/** The i-th of the slices asked for: probabilities as floats, 1 = membrane in the truth. */
export async function readScoredSlice(
  { params, prediction, truth, onlyThese }: OpenScored,
  i: number,
  signal: AbortSignal,
): Promise<ScoredSlice> {
  const z = params.slices[i] ?? 0;
  const { values, width, height } = await readGreySlice(prediction, onlyThese ? i : z, signal);
  const { target, weight } = await readLabelSlice(truth, z, params, signal);
  return {
    probability: prediction.info.type === 'uint8' ? values.map((value) => value / 255) : values,
    truth: target,
    width,
    height,
    ...(weight === null ? {} : { weight }),
  };
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
  throw new MembranaError(
    'labels.value-absent',
    `No pixel of the truth has the value ${params.membrane}.`,
    {
      hint: 'Give the label value that means membrane with --membrane, for instance 0 or 255.',
      data: { value: params.membrane },
    },
  );
}
