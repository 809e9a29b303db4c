import type { Contingency } from './contingency';

export interface Score {
  readonly score: number;
  /** Falls with mergers. */
  readonly precision: number;
  /** Falls with splits. */
  readonly recall: number;
}

/** Sums of squared pixel counts; those of several slices may be added up (the old Rand error does). */
export interface RandSums {
  readonly truth: number;
  readonly prediction: number;
  readonly both: number;
}

const squares = (counts: Float64Array): number =>
  counts.reduce((sum, count) => sum + count * count, 0);

export function randSums(table: Contingency): RandSums {
  return {
    truth: squares(table.truth),
    prediction: squares(table.prediction) + table.singles,
    both: squares(table.pairs) + table.singles,
  };
}

export const addSums = (a: RandSums, b: RandSums): RandSums => ({
  truth: a.truth + b.truth,
  prediction: a.prediction + b.prediction,
  both: a.both + b.both,
});

/** Foreground-restricted Rand F-score, V_Rand of Arganda-Carreras et al. 2015: 2·S_AB / (S_A + S_B). In [0, 1], 1 is best. */
export function randScore(sums: RandSums): Score {
  return {
    score: (2 * sums.both) / (sums.truth + sums.prediction),
    precision: sums.both / sums.prediction,
    recall: sums.both / sums.truth,
  };
}
