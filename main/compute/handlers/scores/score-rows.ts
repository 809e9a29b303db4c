import type { StackScores } from '#model/metrics/evaluate';
import type { WarpingError } from '#model/metrics/warping';
import type { EvaluateResult, ScoreRow } from '../../requests';

const defined = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function scoreRow(scores: StackScores, warping?: WarpingError): ScoreRow {
  const { vRand, vInfo, threshold, pixelError, dice, iou, accuracy } = scores;
  return {
    threshold,
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
    ...(warping === undefined
      ? {}
      : {
          warpingError: warping.error,
          warpingMerges: warping.merges,
          warpingSplits: warping.splits,
        }),
  };
}

type Best = { value: number; threshold: number } | null;

/** The largest value of a sweep (or smallest, where less is better), the first of equals. */
function bestOf(
  sweep: readonly ScoreRow[],
  pick: (row: ScoreRow) => number | null | undefined,
  better: 'more' | 'less',
): Best {
  return sweep.reduce<Best>((best, row) => {
    const value = pick(row);
    if (value === null || value === undefined) return best;
    const gains = best === null || (better === 'more' ? value > best.value : value < best.value);
    return gains ? { value, threshold: row.threshold } : best;
  }, null);
}

export function overSweep(sweep: readonly ScoreRow[]): EvaluateResult['overSweep'] {
  const warped = sweep.some(({ warpingError }) => warpingError !== undefined);
  return {
    vRand: bestOf(sweep, (row) => row.vRand, 'more'),
    vInfo: bestOf(sweep, (row) => row.vInfo, 'more'),
    randError: bestOf(sweep, (row) => row.randError, 'less'),
    pixelError: bestOf(sweep, (row) => row.pixelError, 'less'),
    ...(warped ? { warpingError: bestOf(sweep, (row) => row.warpingError, 'less') } : {}),
  };
}

/** The row with the best V_Info, the first of equals; the first row where none has any. */
export function bestRow(sweep: readonly ScoreRow[], otherwise: ScoreRow): ScoreRow {
  const [first = otherwise, ...others] = sweep;
  return others.reduce((a, b) => ((b.vInfo ?? -1) > (a.vInfo ?? -1) ? b : a), first);
}
