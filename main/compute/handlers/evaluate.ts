import type { z } from 'zod';
import { errorList } from '#model/metrics/error-list';
import {
  prepareSlice,
  scoreSlice,
  stackScores,
  sweepThresholds,
  type SliceScores,
} from '#model/metrics/evaluate';
import { warpingError, warpSlice, type WarpedSlice } from '#model/metrics/warping';
import type { Handler } from '../request';
import type { EvaluateParams, EvaluateResult, ScoreRow, SegmentationError } from '../requests';
import { breathe } from '../serve';
import { bestRow, overSweep, scoreRow } from './score-rows';
import { openScored, readScoredSlice } from './scored-slices';

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
  const stack = await openScored(params, signal);
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
    const slice = await readScoredSlice(stack, i, signal);
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
