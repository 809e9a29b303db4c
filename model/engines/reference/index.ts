import { weightPlanes, type Network } from '../../network/network';
import type { MicroBatch } from '../engine';
import { sampleLoss, truthOf, type LossOptions } from './loss';
import { backwardPass, forwardPass, type ForwardPass } from './network-pass';

/**
 * The network written out as plainly as it can be, in double precision: what
 * the engines are checked against. Logits of one sample, [class][row][column].
 * Far too slow for anything but pictures of a few dozen pixels.
 */
export function referenceLogits(
  network: Network,
  weights: Float64Array,
  image: Float32Array,
  width: number,
  height: number,
): Float64Array {
  return forwardPass(network, weights, image, { width, height }).logits.data;
}

export interface ReferenceLossOptions {
  readonly width: number;
  readonly height: number;
  readonly diceWeight: number;
  readonly otherClassWeight?: number;
}

/** The forward pass of a sample of a micro-batch. */
function passOf(
  network: Network,
  weights: Float64Array,
  batch: MicroBatch,
  sample: number,
  options: ReferenceLossOptions,
): ForwardPass {
  const size = options.width * options.height * network.inputChannels;
  const image = batch.image.subarray(sample * size, (sample + 1) * size);
  return forwardPass(network, weights, image, options);
}

/** How the loss of these batches is weighed; null where nothing is defined. */
function lossOptions(
  network: Network,
  microBatches: readonly MicroBatch[],
  { diceWeight, otherClassWeight = 1 }: ReferenceLossOptions,
): LossOptions | null {
  const planes = weightPlanes(network);
  const totals = Array.from({ length: planes }, () => 0);
  for (const { weight } of microBatches)
    for (let i = 0; i < weight.length; i += planes)
      for (let c = 0; c < planes; c++) totals[c] = (totals[c] ?? 0) + (weight[i + c] ?? 0);
  if (totals.every((total) => total === 0)) return null;
  // What has no weight is divided by anything.
  const totalOf = (c: number): number =>
    Math.max(totals[planes === 1 ? 0 : c] ?? 0, 1e-30) /
    (planes === 1 || c === 0 ? 1 : otherClassWeight);
  return { output: network.output, diceWeight, totalOf };
}

/** The training loss in double precision; the formula is told beside the engines' own (`tensorflow/loss.ts`). */
export function referenceLoss(
  network: Network,
  weights: Float64Array,
  microBatches: readonly MicroBatch[],
  options: ReferenceLossOptions,
): number {
  const weighed = lossOptions(network, microBatches, options);
  if (weighed === null) return 0;
  let loss = 0;
  for (const batch of microBatches) {
    for (let sample = 0; sample < batch.count; sample++) {
      const { logits } = passOf(network, weights, batch, sample, options);
      const truth = truthOf(batch, sample, logits);
      loss += sampleLoss(logits, truth, weighed).value;
    }
  }
  return loss;
}

/** The training loss and its gradient by all weights (canonical order), by reverse-mode differentiation in double precision. */
export function referenceGradient(
  network: Network,
  weights: Float64Array,
  microBatches: readonly MicroBatch[],
  options: ReferenceLossOptions,
): { readonly loss: number; readonly gradient: Float64Array } {
  const weighed = lossOptions(network, microBatches, options);
  const gradient = new Float64Array(weights.length);
  if (weighed === null) return { loss: 0, gradient };
  let loss = 0;
  for (const batch of microBatches) {
    for (let sample = 0; sample < batch.count; sample++) {
      const pass = passOf(network, weights, batch, sample, options);
      const truth = truthOf(batch, sample, pass.logits);
      const part = sampleLoss(pass.logits, truth, weighed);
      loss += part.value;
      backwardPass(network, weights, pass, part.gradient).forEach((value, i) => {
        gradient[i] = (gradient[i] ?? 0) + value;
      });
    }
  }
  return { loss, gradient };
}
