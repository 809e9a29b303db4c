import type { z } from 'zod';
import { MembranaError } from '#contract/errors';
import {
  evaluateStack,
  sweepThresholds,
  type ScoredSlice,
  type StackScores,
} from '#model/metrics/evaluate';
import type { Handler } from '../request';
import type { EvaluateParams, EvaluateResult, ScoreRow } from '../requests';
import { breathe } from '../serve';
import { readLabelSlice, requireSameShape } from './label-slices';
import { openStacks, readGreySlice } from './slice-pixels';

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);

function row(scores: StackScores): ScoreRow {
  const { vRand, vInfo, threshold, pixelError, dice, iou, accuracy } = scores;
  return {
    // 1 − 0.7 is not quite 0.3.
    threshold: Math.round(threshold * 1e6) / 1e6,
    vRand: defined(vRand.score),
    vRandPrecision: defined(vRand.precision),
    vRandRecall: defined(vRand.recall),
    vInfo: defined(vInfo.score),
    vInfoPrecision: defined(vInfo.precision),
    vInfoRecall: defined(vInfo.recall),
    randError: defined(scores.randError),
    pixelError,
    dice,
    iou,
    accuracy,
  };
}

/** Scores a probability stack against a label stack at one threshold and over the organisers' sweep. */
export const evaluate: Handler<
  z.infer<typeof EvaluateParams>,
  { done: number; total: number },
  EvaluateResult
> = async (params, { signal, progress }) => {
  const prediction = await openStacks.get(params.prediction, signal);
  const truth = await openStacks.get(params.truth, signal);
  const onlyThese =
    prediction.info.depth !== truth.info.depth && prediction.info.depth === params.slices.length;
  const shown = onlyThese ? { ...truth.info, depth: params.slices.length } : truth.info;
  requireSameShape(prediction.info, shown, 'The prediction', 'the truth');
  const slices: ScoredSlice[] = [];
  let membrane = 0;
  const total = params.slices.length + sweepThresholds.length + 1;
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    progress({ done, total });
    await breathe(signal);
  };
  for (const [i, z] of params.slices.entries()) {
    const page = onlyThese ? i : z;
    const { values, width, height } = await readGreySlice(prediction, page, signal);
    const labels = await readLabelSlice(truth, z, params, signal);
    membrane += labels.membranePixels;
    slices.push({
      probability: prediction.info.type === 'uint8' ? values.map((value) => value / 255) : values,
      truth: labels.target,
      width,
      height,
      ...(labels.weight === null ? {} : { weight: labels.weight }),
    });
    await step();
  }
  if (membrane === 0) {
    throw new MembranaError(
      'labels.value-absent',
      `No pixel of the truth has the value ${params.membrane}.`,
      {
        hint: 'Give the label value that means membrane with --membrane, for instance 0 or 255.',
        data: { value: params.membrane },
      },
    );
  }
  const scored = async (threshold: number): Promise<ScoreRow> => {
    const scores = row(evaluateStack(slices, threshold));
    await step();
    return scores;
  };
  const atThreshold = await scored(params.threshold);
  const sweep: ScoreRow[] = [];
  for (const threshold of sweepThresholds) sweep.push(await scored(threshold));
  const [first = atThreshold, ...others] = sweep;
  const best = others.reduce((a, b) => ((b.vInfo ?? -1) > (a.vInfo ?? -1) ? b : a), first);
  return { atThreshold, best, sweep };
};
