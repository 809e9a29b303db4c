import type { ProbeCase } from './probe-case';
import { referenceLogits, referenceLoss } from './reference';

/** What a probe compares with. */
export interface ReferenceNumbers {
  readonly loss: number;
  /** Derivatives of the loss along the directions of the case. */
  readonly slopes: readonly number[];
  /** Membrane probabilities, sample by sample, row by row. */
  readonly probabilities: readonly number[];
}

/** Half the distance of the central differences; the error is of the order of its square times ‖direction‖³. */
const STEP = 1e-6;

/** Computes the numbers of a case with the plain reference in double precision; takes seconds. */
export function referenceNumbers({
  network,
  weights,
  batch,
  training,
  directions,
}: ProbeCase): ReferenceNumbers {
  const { width, height } = training;
  const exact = Float64Array.from(weights);
  const area = width * height;
  const probabilities: number[] = [];
  for (let sample = 0; sample < batch.count; sample++) {
    const image = batch.image.subarray(sample * area, (sample + 1) * area);
    for (const logit of referenceLogits(network, exact, image, width, height))
      probabilities.push(1 / (1 + Math.exp(-logit)));
  }
  const lossAt = (direction: Int8Array, step: number): number =>
    referenceLoss(
      network,
      exact.map((value, i) => value + step * (direction[i] ?? 0)),
      [batch],
      training,
    );
  return {
    loss: referenceLoss(network, exact, [batch], training),
    slopes: directions.map(
      (direction) => (lossAt(direction, STEP) - lossAt(direction, -STEP)) / (2 * STEP),
    ),
    probabilities,
  };
}
