import type { AccuracyReport, ErrorCounts, MaskScores } from '#contract/entities';
import type { MeasuredMask } from '../compute/requests';

/** A slice that was measured. */
export type MeasuredSlice = Extract<MeasuredMask, { kind: 'measured' }> & { readonly z: number };

/** Wrong walls listed at most: more than anybody walks through before measuring again. */
export const MOST_ERRORS = 500;

/** The scores that slices have each. */
type CellScores = Omit<MaskScores, 'dice'>;

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** V_Info and V_Rand are means of the slices that have them, Dice is that of all pixels together (docs/metrics.md). */
function pooledScores(slices: readonly MeasuredSlice[]): MaskScores {
  const mean = (measure: keyof CellScores): number | null =>
    meanOf(slices.map(({ scores }) => scores[measure]));
  const cells: CellScores = {
    vInfo: mean('vInfo'),
    vInfoPrecision: mean('vInfoPrecision'),
    vInfoRecall: mean('vInfoRecall'),
    vRand: mean('vRand'),
    vRandPrecision: mean('vRandPrecision'),
    vRandRecall: mean('vRandRecall'),
  };
  let both = 0;
  let oneOnly = 0;
  for (const { pixels } of slices) {
    both += pixels.both;
    oneOnly += pixels.maskOnly + pixels.truthOnly;
  }
  const all = 2 * both + oneOnly;
  return { ...cells, dice: all === 0 ? 1 : (2 * both) / all };
}

function pooledErrors(slices: readonly MeasuredSlice[]): ErrorCounts {
  const sum = (kind: keyof ErrorCounts): number =>
    slices.reduce((all, { errors }) => all + errors[kind], 0);
  return { merges: sum('merges'), splits: sum('splits'), lost: sum('lost') };
}

/** What the slices say together. */
export function pooledAccuracy(
  slices: readonly MeasuredSlice[],
): Pick<AccuracyReport, 'scores' | 'errors' | 'slices' | 'worst'> {
  return {
    scores: pooledScores(slices),
    errors: pooledErrors(slices),
    slices: slices.map(({ z, scores, errors }) => ({ z, scores, errors })),
    worst: slices
      .flatMap(({ worst }) => worst)
      .sort((a, b) => b.cost.vInfo - a.cost.vInfo || b.cost.vRand - a.cost.vRand || a.z - b.z)
      .slice(0, MOST_ERRORS),
  };
}
