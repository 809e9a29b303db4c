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

/** One sample's targets as maps and weights as a plane. */
interface Truth {
  readonly target: Maps;
  readonly weight: Float64Array;
}

export function truthOf(
  batch: MicroBatch,
  sample: number,
  { channels, height, width }: Maps,
): Truth {
  const area = height * width;
  return {
    target: mapsOf(
      channels,
      height,
      width,
      (c, y, x) => batch.target[(sample * area + y * width + x) * channels + c] ?? 0,
    ),
    weight: Float64Array.from(batch.weight.subarray(sample * area, (sample + 1) * area)),
  };
}

interface LossAndSlope {
  /** Not yet divided by the whole batch's weight. */
  readonly value: number;
  /** Its gradient by the logits. */
  readonly gradient: Maps;
}

/** Σ w · cross entropy of a sample; its gradient by z is w · (p · T − t), T = 1 for sigmoid and Σ_c t_c for softmax. */
function crossEntropy(
  logits: Maps,
  { target, weight }: Truth,
  output: NetworkOutput,
): LossAndSlope {
  const area = weight.length;
  const p = probabilities(logits, output);
  const norms = output === 'softmax' ? logNorms(logits) : undefined;
  let value = 0;
  const data = logits.data.map((z, i) => {
    const w = weight[i % area] ?? 0;
    const t = target.data[i] ?? 0;
    const probability = p.data[i] ?? 0;
    if (norms === undefined) {
      value += w * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - t * z);
      return w * (probability - t);
    }
    value += w * t * ((norms[i % area] ?? 0) - z);
    let all = 0;
    for (let c = 0; c < target.channels; c++) all += target.data[c * area + (i % area)] ?? 0;
    return w * (probability * all - t);
  });
  return { value, gradient: { ...logits, data } };
}

/** Pixels added to both sides of the fraction, so that a sample without the class is finite. */
const smoothing = 1;

/** 1 − soft Dice over some channels together, and its gradient by the probabilities, written into `slope`. */
function diceLoss(
  p: Maps,
  { target, weight }: Truth,
  channels: readonly number[],
  slope: Float64Array,
): number {
  const area = weight.length;
  let overlap = 0;
  let sizes = 0;
  const places = channels.flatMap((c) => Array.from({ length: area }, (_, i) => c * area + i));
  for (const i of places) {
    const w = weight[i % area] ?? 0;
    overlap += w * (p.data[i] ?? 0) * (target.data[i] ?? 0);
    sizes += w * ((p.data[i] ?? 0) + (target.data[i] ?? 0));
  }
  const dice = (2 * overlap + smoothing) / (sizes + smoothing);
  for (const i of places) {
    const w = weight[i % area] ?? 0;
    slope[i] = (w * (dice - 2 * (target.data[i] ?? 0))) / (sizes + smoothing);
  }
  return 1 - dice;
}

/** The Dice part of a sample's loss (all channels together for sigmoid, the mean of the classes for softmax), and its gradient by the logits. */
function diceOf(logits: Maps, truth: Truth, output: NetworkOutput): LossAndSlope {
  const p = probabilities(logits, output);
  const slope = new Float64Array(p.data.length);
  const all = Array.from({ length: p.channels }, (_, c) => c);
  switch (output) {
    case 'sigmoid':
      return {
        value: diceLoss(p, truth, all, slope),
        gradient: { ...p, data: p.data.map((q, i) => (slope[i] ?? 0) * q * (1 - q)) },
      };
    case 'softmax': {
      const value = all.reduce((sum, c) => sum + diceLoss(p, truth, [c], slope), 0) / p.channels;
      const area = truth.weight.length;
      const data = p.data.map((q, i) => {
        let mean = 0;
        for (const c of all) {
          const place = c * area + (i % area);
          mean += (p.data[place] ?? 0) * (slope[place] ?? 0);
        }
        return (q * ((slope[i] ?? 0) - mean)) / p.channels;
      });
      return { value, gradient: { ...p, data } };
    }
  }
}

/** One sample's part of the loss times the batch's weight, and its gradient by the logits; the formula stands beside the engines' own (`tensorflow/loss.ts`). */
export function sampleLoss(
  logits: Maps,
  truth: Truth,
  output: NetworkOutput,
  diceWeight: number,
): LossAndSlope {
  const share = diceWeight * truth.weight.reduce((sum, w) => sum + w, 0);
  const entropy = crossEntropy(logits, truth, output);
  const dice = diceOf(logits, truth, output);
  return {
    value: entropy.value + share * dice.value,
    gradient: {
      ...logits,
      data: entropy.gradient.data.map((g, i) => g + share * (dice.gradient.data[i] ?? 0)),
    },
  };
}
