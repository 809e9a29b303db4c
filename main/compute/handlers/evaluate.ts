import type { z } from 'zod';
import { evaluateStack, sweepThresholds, type StackScores } from '#model/metrics/evaluate';
import type { Handler } from '../request';
import type { EvaluateParams, EvaluateResult, ScoreRow } from '../requests';
import { breathe } from '../serve';
import { readScoredSlices } from './scored-slices';

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
  const total = params.slices.length + sweepThresholds.length + 1;
  let done = 0;
  const step = async (): Promise<void> => {
    done += 1;
    progress({ done, total });
    await breathe(signal);
  };
  const slices = await readScoredSlices(params, signal, step);
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
