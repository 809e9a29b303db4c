import type { Network } from '../../network/network';
import { initialWeights } from '../../network/weights';
import { Random } from '../../training/random';
import { AdamW } from '../adamw';
import type { Engine } from '../engine';
import { referenceGradient, referenceLogits } from '../reference';
import { probabilities } from '../reference/loss';
import { busyWeights, randomBatch, side, trainingOptions } from './layer-networks';

const difference = (expected: number, found: number | undefined): number =>
  Math.abs(expected - (found ?? Number.NaN));

/** The largest of some errors; one that is not a number counts as endless. */
const worst = (errors: Iterable<number>): number => {
  let most = 0;
  for (const error of errors) most = error <= most ? most : Number.isNaN(error) ? Infinity : error;
  return most;
};

/** Largest difference of a gradient's element, as a share of the largest element. Crops of `size`² pixels. */
export async function gradientError(
  engine: Engine,
  network: Network,
  count: number,
  size = side,
): Promise<number> {
  const options = { ...trainingOptions, width: size, height: size };
  const batch = randomBatch(network, count, new Random(5), size);
  const weights = busyWeights(network, 2);
  const session = await engine.compileTraining(network, weights, options);
  const { gradient } = await session.gradient([batch]);
  session.dispose();
  const exact = referenceGradient(network, Float64Array.from(weights), [batch], options).gradient;
  const scale = worst(exact.map(Math.abs));
  return worst(exact.map((value, i) => difference(value, gradient[i]) / scale));
}

/** ‖a − b‖ / ‖a‖ over all weights after 20 AdamW updates of two micro-batches each. */
export async function updateError(engine: Engine, network: Network, size: number): Promise<number> {
  const options = { ...trainingOptions, width: size, height: size };
  const start = initialWeights(network, 6);
  const random = new Random(12);
  const session = await engine.compileTraining(network, start, options);
  const optimiser = new AdamW(network, start, options);
  for (let step = 0; step < 20; step++) {
    const batches = [randomBatch(network, 2, random, size), randomBatch(network, 1, random, size)];
    await session.step(batches, 3e-3);
    const now = Float64Array.from(optimiser.weights);
    const { loss, gradient } = referenceGradient(network, now, batches, options);
    optimiser.update(loss, Float32Array.from(gradient), 3e-3);
  }
  const found = session.weights();
  session.dispose();
  const expected = Float64Array.from(optimiser.weights);
  const length = (values: Float64Array): number => Math.hypot(...values);
  const apart = expected.map((value, i) => difference(value, found[i]));
  return length(apart) / length(expected);
}

/** Largest difference of a predicted probability, on a batch of two pictures of `size`² pixels. */
export async function predictionError(
  engine: Engine,
  network: Network,
  size: number,
): Promise<number> {
  const { classes, output } = network;
  const area = size * size;
  const weights = busyWeights(network, 3);
  const { image } = randomBatch(network, 2, new Random(1), size);
  const shape = { width: size, height: size, batch: 2 };
  const session = await engine.compileInference(network, weights, shape);
  const found = await session.run(image);
  session.dispose();
  const errors = [0, 1].map((sample) => {
    const own = image.subarray(sample * area, (sample + 1) * area);
    const data = referenceLogits(network, Float64Array.from(weights), own, size, size);
    const logits = { channels: classes, height: size, width: size, data };
    const expected = probabilities(logits, output).data;
    return worst(
      expected.map((probability, i) => {
        const pixel = sample * area + (i % area);
        return difference(probability, found[pixel * classes + Math.floor(i / area)]);
      }),
    );
  });
  return worst(errors);
}
