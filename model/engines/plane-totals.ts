import type { MicroBatch } from './engine';

/**
 * The sum of each weight plane over a whole batch, which the loss is divided
 * by; null where nothing is defined. A plane without weight gets 1: its part of
 * the loss is zero whatever it is divided by.
 */
export function planeTotals(
  microBatches: readonly MicroBatch[],
  planes: number,
): Float32Array<ArrayBuffer> | null {
  const sums = new Float64Array(planes);
  for (const { weight } of microBatches)
    for (let i = 0; i < weight.length; i++)
      sums[i % planes] = (sums[i % planes] ?? 0) + (weight[i] ?? 0);
  if (sums.every((sum) => sum === 0)) return null;
  return Float32Array.from(sums, (sum) => (sum === 0 ? 1 : sum));
}
