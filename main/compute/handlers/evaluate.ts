import type { z } from 'zod';
import { MembranaError } from '#contract/errors';
import type { StackSource } from '#main/stacks/stack-source';
import { errorList } from '#model/metrics/error-list';
import {
  prepareSlice,
  scoreSlice,
  stackScores,
  sweepThresholds,
  type SliceScores,
} from '#model/metrics/evaluate';
import type { ScoredSlice } from '#model/metrics/scored-slice';
import { warpingError, warpSlice, type WarpedSlice } from '#model/metrics/warping';
import type { Handler } from '../request';
import type { EvaluateParams, EvaluateResult, ScoreRow, SegmentationError } from '../requests';
import { breathe } from '../serve';
import { readLabelSlice, requireSameShape } from './label-slices';
import { bestRow, overSweep, scoreRow } from './score-rows';
import { openStacks, readGreySlice } from './slice-pixels';

type Params = z.infer<typeof EvaluateParams>;

/** What the slices have given so far at one threshold. */
interface Column {
  readonly threshold: number;
  readonly scores: SliceScores[];
  readonly warped: WarpedSlice[];
}

const column = (threshold: number): Column => ({ threshold, scores: [], warped: [] });

/**
 * Scores a probability stack against a label stack at one threshold and over
 * the organisers' sweep. Slice by slice, so that memory holds one; between two
 * measures of a slice a cancel gets in.
 */
export const evaluate: Handler<Params, { done: number; total: number }, EvaluateResult> = async (
  params,
  { signal, progress },
) => {
  const prediction = await openStacks.get(params.prediction, signal);
  const truth = await openStacks.get(params.truth, signal);
  const onlyThese =
    prediction.info.depth !== truth.info.depth && prediction.info.depth === params.slices.length;
  const shown = onlyThese ? { ...truth.info, depth: params.slices.length } : truth.info;
  requireSameShape(prediction.info, shown, 'The prediction', 'the truth');
  await requireMembrane(truth, params, signal);

  const own = column(params.threshold);
  const swept = sweepThresholds.map(column);
  const columns = [own, ...swept];
  const errors: SegmentationError[] = [];
  const steps = 1 + columns.length * (params.warping ? 2 : 1) + (params.errors > 0 ? 1 : 0);
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    progress({ done, total: params.slices.length * steps });
    await breathe(signal);
  };
  for (const [i, z] of params.slices.entries()) {
    const slice = await readSlices(prediction, onlyThese ? i : z, truth, z, params, signal);
    await step();
    const prepared = prepareSlice(slice);
    for (const { threshold, scores, warped } of columns) {
      scores.push(scoreSlice(prepared, threshold));
      await step();
      if (!params.warping) continue;
      warped.push(warpSlice(slice, threshold));
      await step();
    }
    if (params.errors === 0) continue;
    for (const error of errorList(slice, params.threshold))
      errors.push({ ...error, parts: [...error.parts], z });
    await step();
  }

  const row = ({ threshold, scores, warped }: Column): ScoreRow =>
    scoreRow(stackScores(scores, threshold), params.warping ? warpingError(warped) : undefined);
  const atThreshold = row(own);
  const sweep = swept.map(row);
  return {
    atThreshold,
    best: bestRow(sweep, atThreshold),
    sweep,
    overSweep: overSweep(sweep),
    ...(params.errors > 0 ? { errors: summary(errors, params.errors) } : {}),
  };
};

async function readSlices(
  prediction: StackSource,
  page: number,
  truth: StackSource,
  z: number,
  params: Params,
  signal: AbortSignal,
): Promise<ScoredSlice> {
  const { values, width, height } = await readGreySlice(prediction, page, signal);
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
  params: Params,
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

function summary(
  errors: readonly SegmentationError[],
  most: number,
): NonNullable<EvaluateResult['errors']> {
  const count = (kind: SegmentationError['kind']): number =>
    errors.filter((error) => error.kind === kind).length;
  return {
    merges: count('merge'),
    splits: count('split'),
    lost: count('lost'),
    worst: errors.toSorted((a, b) => b.cost.vInfo - a.cost.vInfo).slice(0, most),
  };
}
