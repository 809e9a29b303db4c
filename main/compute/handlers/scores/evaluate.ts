import type { z } from 'zod';
import type { MaskThresholds, SegmentationError } from '#contract/entities';
import { membraneMask, probabilityBytes } from '#contract/mask/membrane-mask';
import { meaningNotes } from '#main/stacks/meaning-notes';
import { errorList } from '#model/metrics/error-list';
import {
  prepareSlice,
  scoreSlice,
  stackScores,
  sweepThresholds,
  type PreparedSlice,
  type SliceScores,
} from '#model/metrics/evaluate';
import { warpingError, warpSlice, type WarpedSlice } from '#model/metrics/warping';
import type { Handler } from '../../request';
import type { EvaluateParams, EvaluateResult, ScoreRow } from '../../requests';
import { breathe } from '../../serve';
import { toProbability } from '../prediction-range';
import { addPolarity, noPolarity, polarityWarning } from '../slices/polarity';
import { bestRow, overSweep, scoreRow } from './score-rows';
import { openScored, readScoredSlice, type OpenScored } from '../slices/scored-slices';

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
  const masked: SliceScores[] = [];
  const errors: SegmentationError[] = [];
  const steps = 1 + columns.length * (params.warping ? 2 : 1) + (params.errors > 0 ? 1 : 0);
  let done = 0;
  let unknown = 0;
  let polarity = noPolarity;
  const step = async (): Promise<void> => {
    done += 1;
    progress({ done, total: params.slices.length * steps });
    await breathe(signal);
  };
  for (const [i, z] of params.slices.entries()) {
    const { slice, notNumbers } = await readScoredSlice(stack, i, signal);
    unknown += notNumbers;
    polarity = addPolarity(polarity, slice);
    await step();
    const prepared = prepareSlice(slice);
    for (const { threshold, scores, warped } of columns) {
      scores.push(scoreSlice(prepared, threshold));
      await step();
      if (!params.warping) continue;
      warped.push(warpSlice(slice, threshold));
      await step();
    }
    if (params.mask) masked.push(scoreMask(prepared, params.mask));
    if (params.errors === 0) continue;
    for (const error of errorList(slice, params.threshold))
      errors.push({ ...error, parts: [...error.parts], z });
    await step();
  }

  const row = ({ threshold, scores, warped }: Column): ScoreRow =>
    scoreRow(stackScores(scores, threshold), params.warping ? warpingError(warped) : undefined);
  const atThreshold = row(own);
  const sweep = swept.map(row);
  const { least, most } = stack.survey;
  const inverted = params.invert === true;
  return {
    prediction: { range: stack.range, inverted, least, most, notNumbers: unknown },
    warnings: warningsOf(stack, params, polarityWarning(polarity, inverted), unknown),
    atThreshold,
    ...(params.mask ? { masked: scoreRow(stackScores(masked, params.mask.pixel)) } : {}),
    best: bestRow(sweep, atThreshold),
    sweep,
    overSweep: overSweep(sweep),
    ...(params.errors > 0 ? { errors: summary(errors, params.errors) } : {}),
  };
};

/** Scores of the mask that the app shows of a map. */
function scoreMask(slice: PreparedSlice, thresholds: MaskThresholds): SliceScores {
  const { width, height } = slice;
  const mask = membraneMask(probabilityBytes(slice.probability), width, height, thresholds);
  return scoreSlice({ ...slice, probability: Float32Array.from(mask) }, 0.5);
}

/** What makes the scores of this stack doubtful. */
function warningsOf(
  { prediction, truth, range, survey }: OpenScored,
  params: Params,
  polarity: string | null,
  notNumbers: number,
): string[] {
  const beyond =
    range.kind === 'linear' &&
    (survey.least < Math.min(range.from, range.to) || survey.most > Math.max(range.from, range.to))
      ? [
          `The prediction has values from ${survey.least} to ${survey.most}; those beyond its range count as its ends.`,
        ]
      : [];
  const ends = [survey.least, survey.most].map((value) =>
    toProbability(value, range, params.invert === true),
  );
  const highest = Math.max(...ends);
  const nothing =
    highest < params.threshold
      ? [
          `Nothing of the prediction is membrane at the threshold ${params.threshold}: its highest probability is ${Number(highest.toPrecision(3))}.`,
        ]
      : [];
  const unknown =
    notNumbers > 0
      ? [
          `${notNumbers} pixels of the prediction hold no number (NaN or infinite) and are left out.`,
        ]
      : [];
  return [
    ...(polarity === null ? [] : [polarity]),
    ...beyond,
    ...nothing,
    ...unknown,
    ...meaningNotes(prediction.info, params.channel ?? null).map((note) => `Prediction: ${note}`),
    ...meaningNotes(truth.info).map((note) => `Truth: ${note}`),
  ];
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
