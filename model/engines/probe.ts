import { alignmentOf } from '../network/geometry';
import { unet } from '../network/unet';
import { initialWeights } from '../network/weights';
import { Random } from '../training/random';
import type { Engine, MicroBatch } from './engine';
import { referenceLogits, referenceLoss } from './reference';

export interface ProbeResult {
  /** Whether forward and gradient agree with the reference to `tolerance`. */
  readonly ok: boolean;
  /** Largest difference of a probability, or of the slope along the gradient relative to its length. */
  readonly maxError: number;
  /** One forward pass of the default network at 512², and one training step of 2 × 256², in milliseconds. */
  readonly forwardMs: number;
  readonly stepMs: number;
}

/** A wrong kernel is off by 0.1 and more; float32 by 1e-6 to 1e-4. */
export const tolerance = 2e-3;

const options = {
  diceWeight: 0.5,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  gradientClip: 1,
};

function randomBatch(count: number, side: number, random: Random): MicroBatch {
  const area = side * side * count;
  return {
    count,
    image: Float32Array.from({ length: area }, () => random.normal()),
    target: Float32Array.from({ length: area }, () => (random.uniform() < 0.25 ? 1 : 0)),
    weight: new Float32Array(area).fill(1),
  };
}

/** Compares an engine with the plain reference on a small network; the slope is taken along the gradient itself. */
async function largestError(engine: Engine): Promise<number> {
  const random = new Random(7);
  const network = unet({
    baseFilters: 4,
    levels: 2,
    inputChannels: 1,
    classes: 1,
    normalisation: 'none',
  });
  const weights = initialWeights(network, 1).map((value) => value + 0.05 * random.normal());
  const side = 4 * alignmentOf(network);
  const batch = randomBatch(2, side, random);
  const area = side * side;

  const inference = await engine.compileInference(network, weights, {
    width: side,
    height: side,
    batch: 2,
  });
  const found = await inference.run(batch.image);
  inference.dispose();
  const exact = Float64Array.from(weights);
  let error = 0;
  for (let sample = 0; sample < 2; sample++) {
    const logits = referenceLogits(
      network,
      exact,
      batch.image.subarray(sample * area, (sample + 1) * area),
      side,
      side,
    );
    logits.forEach((logit, i) => {
      error = Math.max(
        error,
        Math.abs(1 / (1 + Math.exp(-logit)) - (found[sample * area + i] ?? Number.NaN)),
      );
    });
  }

  const shape = { ...options, width: side, height: side };
  const training = await engine.compileTraining(network, weights, shape);
  const { gradient } = await training.gradient([batch]);
  training.dispose();
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const distance = 1e-6;
  const lossAt = (sign: number): number =>
    referenceLoss(
      network,
      exact.map((value, i) => value + (sign * distance * (gradient[i] ?? 0)) / norm),
      [batch],
      shape,
    );
  const slope = (lossAt(1) - lossAt(-1)) / (2 * distance);
  error = Math.max(error, Math.abs(slope - norm) / norm);
  return Number.isNaN(error) ? Infinity : error;
}

async function fastest(repeats: number, work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < repeats; i++) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

/** Checks that an engine computes what it should here, and how fast. Takes about two seconds. */
export async function probeEngine(engine: Engine): Promise<ProbeResult> {
  const maxError = await largestError(engine);
  const network = unet({
    baseFilters: 8,
    levels: 4,
    inputChannels: 1,
    classes: 1,
    normalisation: 'none',
  });
  const weights = initialWeights(network, 0);
  const random = new Random(3);
  const inference = await engine.compileInference(network, weights, {
    width: 512,
    height: 512,
    batch: 1,
  });
  const image = Float32Array.from({ length: 512 * 512 }, () => random.normal());
  const forwardMs = await fastest(3, () => inference.run(image));
  inference.dispose();
  const training = await engine.compileTraining(network, weights, {
    ...options,
    width: 256,
    height: 256,
  });
  const batch = randomBatch(2, 256, random);
  const stepMs = await fastest(3, () => training.step([batch], 1e-3));
  training.dispose();
  return { ok: maxError <= tolerance, maxError, forwardMs, stepMs };
}
