import { alignmentOf } from '../network/geometry';
import type { Network } from '../network/network';
import { parameterCount } from '../network/parameters';
import { unet } from '../network/unet';
import { defaultNetwork } from '../training/defaults';
import { Random } from '../training/random';
import type { MicroBatch, TrainingOptions } from './engine';

/** What every engine computes in its probe, and what the stored numbers were computed from. */
export interface ProbeCase {
  readonly network: Network;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly batch: MicroBatch;
  readonly training: TrainingOptions;
  /** Directions of ±1 in the space of the weights; a wrong gradient anywhere shows in the slopes along them. */
  readonly directions: readonly Int8Array[];
}

const DIRECTIONS = 16;
const SAMPLES = 2;

/** Crops of noise with a quarter of membrane; a fifth of the pixels carries no weight when `partial`. */
export function randomBatch(
  count: number,
  side: number,
  random: Random,
  partial = false,
): MicroBatch {
  const area = side * side * count;
  return {
    count,
    image: Float32Array.from({ length: area }, () => random.normal()),
    target: Float32Array.from({ length: area }, () => (random.uniform() < 0.25 ? 1 : 0)),
    weight: Float32Array.from({ length: area }, () => (partial && random.uniform() < 0.2 ? 0 : 1)),
  };
}

/**
 * The default network with two halvings, so that every layer type and the
 * channel counts of real models are in it, on a batch of two. Everything comes
 * from one seed and nothing from `initialWeights`.
 */
export function probeCase(): ProbeCase {
  const random = new Random(7);
  const network = unet({ ...defaultNetwork, levels: 2 });
  const side = 4 * alignmentOf(network);
  const length = parameterCount(network);
  return {
    network,
    weights: Float32Array.from({ length }, () => 0.15 * random.normal()),
    batch: randomBatch(SAMPLES, side, random, true),
    training: {
      width: side,
      height: side,
      diceWeight: 0.5,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: 1e-2,
      gradientClip: 1,
    },
    directions: Array.from({ length: DIRECTIONS }, () =>
      Int8Array.from({ length }, () => (random.uniform() < 0.5 ? -1 : 1)),
    ),
  };
}
