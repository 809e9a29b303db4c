import type { ScoredSlice } from '#model/metrics/scored-slice';

/** Pixels of one slice by truth and prediction, and by the prediction turned around. */
interface Polarity {
  readonly membranes: number;
  readonly interiors: number;
  /** Sums of the probability over them. */
  readonly onMembrane: number;
  readonly onInterior: number;
}

export const noPolarity: Polarity = { membranes: 0, interiors: 0, onMembrane: 0, onInterior: 0 };

/** Adds a slice to what is known of whether high values lie on membranes. */
export function addPolarity(known: Polarity, slice: ScoredSlice): Polarity {
  let { membranes, interiors, onMembrane, onInterior } = known;
  const { probability, truth, weight } = slice;
  for (let i = 0; i < truth.length; i += 1) {
    if (weight?.[i] === 0) continue;
    const value = probability[i] ?? 0;
    if (truth[i] === 1) {
      membranes += 1;
      onMembrane += value;
    } else {
      interiors += 1;
      onInterior += value;
    }
  }
  return { membranes, interiors, onMembrane, onInterior };
}

/** Means farther apart than this the wrong way round are no accident. */
const CLEARLY = 0.05;

/** A warning where the prediction is clearly higher off the membranes than on them; null where it is not. */
export function polarityWarning(known: Polarity, inverted: boolean): string | null {
  const { membranes, interiors, onMembrane, onInterior } = known;
  if (membranes === 0 || interiors === 0) return null;
  const on = onMembrane / membranes;
  const off = onInterior / interiors;
  if (on + CLEARLY >= off) return null;
  const advice = inverted ? 'leave --invert away' : 'use --invert';
  return `The prediction contradicts the truth: its mean is ${on.toFixed(2)} on membranes and ${off.toFixed(2)} elsewhere. If high values mean interior, ${advice}; or --membrane names the wrong label value.`;
}
