import { describe, expect, it, vi } from 'vitest';
import type { Network } from '../../network/network';
import { Random } from '../../training/random';
import type { MicroBatch } from '../engine';
import {
  busyWeights,
  layerNetworks,
  randomBatch,
  side,
  trainingOptions,
} from '../testing/layer-networks';
import { referenceGradient, referenceLoss } from '.';
import { largestOf } from './layers/max-pool';
import { forwardPass } from './network-pass';

vi.setConfig({ testTimeout: 120_000 });

/** Which side every ReLU is on and which pixel every maximum is taken from: where it stays, the loss is smooth. */
function activationPattern(network: Network, weights: Float64Array, batch: MicroBatch): number[] {
  const pattern: number[] = [];
  for (let sample = 0; sample < batch.count; sample++) {
    const image = batch.image.subarray(sample * side * side, (sample + 1) * side * side);
    const { values } = forwardPass(network, weights, image, { width: side, height: side });
    for (const layer of network.layers) {
      if (layer.kind !== 'relu' && layer.kind !== 'max-pool') continue;
      const input = values.get(layer.input);
      if (input === undefined) throw new Error(`There is no layer "${layer.input}".`);
      if (layer.kind === 'relu') {
        for (const value of input.data) pattern.push(value > 0 ? 1 : 0);
        continue;
      }
      for (let c = 0; c < input.channels; c++) {
        for (let y = 0; y < input.height / 2; y++)
          for (let x = 0; x < input.width / 2; x++) pattern.push(largestOf(input, c, y, x));
      }
    }
  }
  return pattern;
}

/** Widest first: a step that crosses no kink is wanted, and a wide one loses fewer digits. */
const steps = [1e-5, 1e-6, 1e-7];

/** The slope along one weight as (L(w + h) − L(w − h)) / 2h; undefined where even the shortest step changes the pattern. */
function slopeOf(
  network: Network,
  weights: Float64Array,
  index: number,
  batch: MicroBatch,
  pattern: readonly number[],
): number | undefined {
  const unchanged = (moved: Float64Array): boolean =>
    activationPattern(network, moved, batch).every((value, i) => value === pattern[i]);
  for (const step of steps) {
    const above = weights.slice();
    const below = weights.slice();
    above[index] = (weights[index] ?? 0) + step;
    below[index] = (weights[index] ?? 0) - step;
    if (!unchanged(above) || !unchanged(below)) continue;
    return (
      (referenceLoss(network, above, [batch], trainingOptions) -
        referenceLoss(network, below, [batch], trainingOptions)) /
      (2 * step)
    );
  }
  return undefined;
}

const cases = [...layerNetworks('sigmoid'), ...layerNetworks('softmax')].flatMap((net) =>
  [1, 2].map((count) => ({ ...net, count })),
);

describe('the gradient of the reference', () => {
  it.each(cases)('is the slope of its loss: $name, batch $count', ({ network, count }) => {
    const batch = randomBatch(network, count, new Random(5));
    const weights = Float64Array.from(busyWeights(network, 2));
    const { loss, gradient } = referenceGradient(network, weights, [batch], trainingOptions);
    expect(loss).toBe(referenceLoss(network, weights, [batch], trainingOptions));
    const scale = Math.max(...gradient.map(Math.abs));
    expect(scale).toBeGreaterThan(1e-2);
    const pattern = activationPattern(network, weights, batch);
    let compared = 0;
    gradient.forEach((value, i) => {
      const slope = slopeOf(network, weights, i, batch, pattern);
      if (slope === undefined) return;
      compared++;
      expect(Math.abs(value - slope) / scale).toBeLessThan(1e-6);
    });
    // What lies on a kink at every step can't be compared; it may be one weight in a hundred.
    expect(compared).toBeGreaterThanOrEqual(0.99 * weights.length);
  });

  it('is the sum over micro-batches, weighted by their defined pixels', () => {
    const [{ network } = { network: undefined }] = layerNetworks('softmax');
    if (network === undefined) throw new Error('There is no network.');
    const random = new Random(3);
    const [a, b] = [randomBatch(network, 1, random), randomBatch(network, 1, random)];
    const weights = Float64Array.from(busyWeights(network, 1));
    const weightOf = (batch: MicroBatch): number => batch.weight.reduce((sum, w) => sum + w, 0);
    const [of, ofA, ofB] = [[a, b], [a], [b]].map((batches) =>
      referenceGradient(network, weights, batches, trainingOptions),
    );
    const share = weightOf(a) / (weightOf(a) + weightOf(b));
    expect(of?.loss).toBeCloseTo(share * (ofA?.loss ?? 0) + (1 - share) * (ofB?.loss ?? 0), 12);
    of?.gradient.forEach((value, i) => {
      expect(value).toBeCloseTo(
        share * (ofA?.gradient[i] ?? 0) + (1 - share) * (ofB?.gradient[i] ?? 0),
        12,
      );
    });
  });

  it('is zero where no pixel is defined', () => {
    const [{ network } = { network: undefined }] = layerNetworks('sigmoid');
    if (network === undefined) throw new Error('There is no network.');
    const batch = randomBatch(network, 1, new Random(3));
    const blank = { ...batch, weight: batch.weight.map(() => 0) };
    const weights = Float64Array.from(busyWeights(network, 1));
    const { loss, gradient } = referenceGradient(network, weights, [blank], trainingOptions);
    expect(loss).toBe(0);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });
});
