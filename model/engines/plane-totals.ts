import type { MicroBatch, TrainingOptions } from './engine';

/**
 * What the loss of each weight plane is divided by: the plane's sum over a whole
 * batch, and its class's weight in the loss; null where nothing is defined. A plane without weight gets 1: its part of
 * the loss is zero whatever it is divided by.
 */
export function planeTotals(
  microBatches: readonly MicroBatch[],
  planes: number,
  { otherClassWeight = 1 }: Pick<TrainingOptions, 'otherClassWeight'>,
): Float32Array<ArrayBuffer> | null {
  const sums = new Float64Array(planes);
  for (const { weight } of microBatches)
    for (let i = 0; i < weight.length; i++)
      sums[i % planes] = (sums[i % planes] ?? 0) + (weight[i] ?? 0);
  if (sums.every((sum) => sum === 0)) return null;
  return Float32Array.from(sums, (sum, c) =>
    sum === 0 ? 1 : c === 0 ? sum : sum / otherClassWeight,
  );
}
