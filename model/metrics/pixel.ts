import type { FramedMask } from './components';

/** Pixels by (truth, prediction), membrane being the positive class. */
export interface PixelCounts {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
}

export interface PixelScores {
  /** Dice of membrane: 2·TP / (2·TP + FP + FN); 1 where neither has any. */
  readonly dice: number;
  /** Intersection over union of membrane. */
  readonly iou: number;
  /** Share of pixels that agree. */
  readonly accuracy: number;
}

/**
 * Counts pixels of one slice: membrane iff probability ≥ threshold. `truth` is
 * 1 on membrane; pixels with weight 0 are left out where weights are given.
 */
export function countPixels(
  probability: Float32Array,
  truth: Uint8Array,
  threshold: number,
  weight?: Float32Array | Uint8Array,
): PixelCounts {
  let pixels = 0;
  let predicted = 0;
  let actual = 0;
  let truePositive = 0;
  for (let i = 0; i < truth.length; i++) {
    if (weight?.[i] === 0) continue;
    // Sums of 0 and 1 instead of branches, which no processor could foresee here.
    const membrane = Number((probability[i] ?? 0) >= threshold);
    const trueMembrane = Number(truth[i] !== 0);
    pixels++;
    predicted += membrane;
    actual += trueMembrane;
    truePositive += membrane & trueMembrane;
  }
  return {
    truePositive,
    falsePositive: predicted - truePositive,
    falseNegative: actual - truePositive,
    trueNegative: pixels - predicted - actual + truePositive,
  };
}

/** The same counts, without weights, from masks: sums of zeros and ones, of which the frames have none. */
export function countMasks(truth: FramedMask, prediction: FramedMask): PixelCounts {
  let actual = 0;
  let predicted = 0;
  let both = 0;
  for (let p = 0; p < truth.inside.length; p++) {
    const a = truth.inside[p] ?? 0;
    const b = prediction.inside[p] ?? 0;
    actual += a;
    predicted += b;
    both += a & b;
  }
  return {
    truePositive: truth.width * truth.height - actual - predicted + both,
    falsePositive: actual - both,
    falseNegative: predicted - both,
    trueNegative: both,
  };
}

export function addCounts(a: PixelCounts, b: PixelCounts): PixelCounts {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    falseNegative: a.falseNegative + b.falseNegative,
    trueNegative: a.trueNegative + b.trueNegative,
  };
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Scores of counts that may be pooled over slices. */
export function pixelScores({
  truePositive,
  falsePositive,
  falseNegative,
  trueNegative,
}: PixelCounts): PixelScores {
  const wrong = falsePositive + falseNegative;
  return {
    dice: ratio(2 * truePositive, 2 * truePositive + wrong),
    iou: ratio(truePositive, truePositive + wrong),
    accuracy: ratio(truePositive + trueNegative, truePositive + trueNegative + wrong),
  };
}

/** F-score of the interior class, whose best over thresholds gives the old pixel error 1 − F. */
export function interiorScore({ falsePositive, falseNegative, trueNegative }: PixelCounts): number {
  return ratio(2 * trueNegative, 2 * trueNegative + falsePositive + falseNegative);
}
