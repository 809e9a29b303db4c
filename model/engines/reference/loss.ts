import type { NetworkOutput } from '../../network/network';
import type { MicroBatch } from '../engine';
import { channelOf, mapsOf, type Maps } from './maps';

/** Probabilities of logits: each for itself, or shared out among the classes of a pixel. */
export function probabilities(logits: Maps, output: NetworkOutput): Maps {
  switch (output) {
    case 'sigmoid':
      return { ...logits, data: logits.data.map((z) => 1 / (1 + Math.exp(-z))) };
    case 'softmax': {
      const norms = logNorms(logits);
      const area = norms.length;
      return { ...logits, data: logits.data.map((z, i) => Math.exp(z - (norms[i % area] ?? 0))) };
    }
  }
}

/** log Σ_c exp(z_c) of every pixel. */
function logNorms(logits: Maps): Float64Array {
  const area = logits.height * logits.width;
  const classes = Array.from({ length: logits.channels }, (_, c) => channelOf(logits, c));
  return Float64Array.from({ length: area }, (_, i) => {
    const values = classes.map((each) => each[i] ?? 0);
    const most = Math.max(...values);
    return most + Math.log(values.reduce((sum, z) => sum + Math.exp(z - most), 0));
  });
}

/** One sample's targets as maps, and its weights: as many maps as the batch has weights a pixel. */
interface Truth {
  readonly target: Maps;
  readonly weight: Maps;
}

export function truthOf(
  batch: MicroBatch,
  sample: number,
  { channels, height, width }: Maps,
): Truth {
  const area = height * width;
  const maps = (values: Float32Array, planes: number): Maps =>
    mapsOf(
      planes,
      height,
      width,
      (c, y, x) => values[(sample * area + y * width + x) * planes + c] ?? 0,
    );
  return {
    target: maps(batch.target, channels),
    weight: maps(batch.weight, batch.weight.length / (batch.count * area)),
  };
}

interface LossAndSlope {
  readonly value: number;
  /** Its gradient by the logits. */
  readonly gradient: Maps;
}

/** The weight plane that a class of a sample goes by: its own, or the one for all. */
const planeOf = ({ weight }: Truth, c: number): Float64Array =>
  channelOf(weight, weight.channels === 1 ? 0 : c);

/** Σ w · cross entropy / total; its gradient by z is w · (p · T − t) / total, T = 1 for sigmoid and Σ_c t_c for softmax. */
function crossEntropy(
  logits: Maps,
  truth: Truth,
  output: NetworkOutput,
  totalOf: (c: number) => number,
): LossAndSlope {
  const { target } = truth;
  const area = logits.height * logits.width;
  const p = probabilities(logits, output);
  const norms = output === 'softmax' ? logNorms(logits) : undefined;
  let value = 0;
  const data = logits.data.map((z, i) => {
    const c = Math.floor(i / area);
    const w = (planeOf(truth, c)[i % area] ?? 0) / totalOf(c);
    const t = target.data[i] ?? 0;
    const probability = p.data[i] ?? 0;
    if (norms === undefined) {
      value += w * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - t * z);
      return w * (probability - t);
    }
    value += w * t * ((norms[i % area] ?? 0) - z);
    let all = 0;
    for (let k = 0; k < target.channels; k++) all += target.data[k * area + (i % area)] ?? 0;
    return w * (probability * all - t);
  });
  return { value, gradient: { ...logits, data } };
}

/** Pixels added to both sides of the fraction, so that a sample without the class is finite. */
const smoothing = 1;

/** 1 − soft Dice of one class, and its gradient by the probabilities, written into `slope`. */
function diceLoss(p: Maps, truth: Truth, c: number, slope: Float64Array): number {
  const probability = channelOf(p, c);
  const target = channelOf(truth.target, c);
  const weight = planeOf(truth, c);
  let overlap = 0;
  let sizes = 0;
  weight.forEach((w, i) => {
    overlap += w * (probability[i] ?? 0) * (target[i] ?? 0);
    sizes += w * ((probability[i] ?? 0) + (target[i] ?? 0));
  });
  const dice = (2 * overlap + smoothing) / (sizes + smoothing);
  weight.forEach((w, i) => {
    slope[c * weight.length + i] = (w * (dice - 2 * (target[i] ?? 0))) / (sizes + smoothing);
  });
  return 1 - dice;
}

/** Weight of a class's Dice: λ · Σ w / total. */
function shareOf(truth: Truth, c: number, lambda: number, total: number): number {
  return (lambda * planeOf(truth, c).reduce((sum, w) => sum + w, 0)) / total;
}

/** The Dice part of a sample's loss (the sum over the classes for sigmoid, their mean for softmax), and its gradient by the logits. */
function diceOf(
  logits: Maps,
  truth: Truth,
  { output, diceWeight, totalOf }: LossOptions,
): LossAndSlope {
  const p = probabilities(logits, output);
  const slope = new Float64Array(p.data.length);
  const area = p.height * p.width;
  const all = Array.from({ length: p.channels }, (_, c) => c);
  const losses = all.map((c) => diceLoss(p, truth, c, slope));
  const shares = all.map((c) => shareOf(truth, c, diceWeight, totalOf(c)));
  const shared = losses.reduce((sum, loss, c) => sum + (shares[c] ?? 0) * loss, 0);
  switch (output) {
    case 'sigmoid': {
      const data = p.data.map(
        (q, i) => (shares[Math.floor(i / area)] ?? 0) * (slope[i] ?? 0) * q * (1 - q),
      );
      return { value: shared, gradient: { ...p, data } };
    }
    case 'softmax': {
      const data = p.data.map((q, i) => {
        let mean = 0;
        for (const c of all) {
          const place = c * area + (i % area);
          mean += (p.data[place] ?? 0) * (slope[place] ?? 0);
        }
        return ((shares[0] ?? 0) * (q * ((slope[i] ?? 0) - mean))) / p.channels;
      });
      return { value: shared / p.channels, gradient: { ...p, data } };
    }
  }
}

export interface LossOptions {
  readonly output: NetworkOutput;
  readonly diceWeight: number;
  /** What a class's loss is divided by: the weight of the whole batch, and how little the class counts. */
  readonly totalOf: (c: number) => number;
}

/** One sample's part of the loss, and its gradient by the logits; the formula stands beside the engines' own (`tensorflow/loss.ts`). */
export function sampleLoss(logits: Maps, truth: Truth, options: LossOptions): LossAndSlope {
  const entropy = crossEntropy(logits, truth, options.output, options.totalOf);
  const dice = diceOf(logits, truth, options);
  return {
    value: entropy.value + dice.value,
    gradient: {
      ...logits,
      data: entropy.gradient.data.map((g, i) => g + (dice.gradient.data[i] ?? 0)),
    },
  };
}
