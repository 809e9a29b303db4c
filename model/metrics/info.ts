import type { Contingency } from './contingency';
import type { Score } from './rand';

function entropy(counts: Float64Array, singles: number, pixels: number): number {
  let sum = 0;
  for (const count of counts) if (count > 0) sum += (count / pixels) * Math.log(count / pixels);
  return -(sum - (singles / pixels) * Math.log(pixels));
}

/**
 * Information-theoretic score, V_Info of Arganda-Carreras et al. 2015: the
 * harmonic mean of I/H(truth) and I/H(prediction). In [0, 1], 1 is best; a
 * fully merged slice scores 0.
 */
export function infoScore(table: Contingency): Score {
  const { pixels, singles } = table;
  const truth = entropy(table.truth, 0, pixels);
  const prediction = entropy(table.prediction, singles, pixels);
  const both = entropy(table.pairs, singles, pixels);
  const shared = truth + prediction - both;
  if (truth === 0) return { score: 0, precision: 0, recall: 1 };
  if (prediction === 0) return { score: 0, precision: 1, recall: 0 };
  const precision = shared / truth;
  const recall = shared / prediction;
  return {
    score: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    precision,
    recall,
  };
}
