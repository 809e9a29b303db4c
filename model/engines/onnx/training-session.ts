import { weightPlanes, type Network } from '../../network/network';
import { checkWeights } from '../../network/weights';
import { AdamW } from '../adamw';
import type { LossAndGradient, MicroBatch, TrainingOptions, TrainingSession } from '../engine';
import { planeTotals } from '../plane-totals';
import { localLane, type GradientLane } from './gradient-lane';
import type { Placement } from './placement';
import { workerLane } from './worker-lane';

/**
 * Micro-batches are computed side by side on a thread each: kernels on one
 * thread lose nothing to waiting for one another, and copies, which ONNX
 * Runtime does on one thread, are shared out as well (docs/performance.md).
 * Threads beyond the micro-batches work inside the kernels.
 */
function lanesFor(
  { worker, ...placement }: Placement,
  network: Network,
  options: TrainingOptions,
  microBatches: number,
): readonly GradientLane[] {
  const { provider, threads } = placement;
  const count = worker === null || provider !== 'cpu' ? 1 : Math.min(threads, microBatches);
  if (count <= 1 || worker === null)
    return [localLane({ placement: { ...placement, worker: null }, network, options })];
  const each = { ...placement, worker: null, threads: Math.max(1, Math.floor(threads / count)) };
  return Array.from({ length: count }, () =>
    workerLane(worker, { placement: each, network, options }),
  );
}

/** Single crops where there are threads for more than the micro-batches. */
function sharedOut(
  given: readonly MicroBatch[],
  { provider, threads, worker }: Placement,
): readonly MicroBatch[] {
  if (worker === null || provider !== 'cpu' || threads < 2 * given.length) return given;
  return given.flatMap(({ count, image, target, weight }) =>
    Array.from({ length: count }, (_, i) => {
      const part = (values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
        values.slice((i * values.length) / count, ((i + 1) * values.length) / count);
      return { count: 1, image: part(image), target: part(target), weight: part(weight) };
    }),
  );
}

/** Computes gradients in lanes, which start with the first batch; updates in `AdamW`. */
export function trainingSession(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  options: TrainingOptions,
): TrainingSession {
  checkWeights(network, weights);
  const optimiser = new AdamW(network, weights, options);
  let lanes: readonly GradientLane[] = [];

  const gradient = async (given: readonly MicroBatch[]): Promise<LossAndGradient> => {
    const microBatches = sharedOut(given, placement);
    const totals = planeTotals(microBatches, weightPlanes(network), options);
    const sum = new Float32Array(weights.length);
    if (totals === null) return { loss: 0, gradient: sum };
    if (lanes.length === 0) lanes = lanesFor(placement, network, options, microBatches.length);
    const parts = await Promise.all(
      lanes.map(async (lane, number) => {
        const own = microBatches.filter((_, i) => i % lanes.length === number);
        const results: LossAndGradient[] = [];
        for (const microBatch of own)
          results.push(await lane.gradient(optimiser.weights, microBatch, totals));
        return results;
      }),
    );
    // Added up in the order of the micro-batches, whatever lane was first.
    let loss = 0;
    microBatches.forEach((_, i) => {
      const part = parts[i % lanes.length]?.[Math.floor(i / lanes.length)];
      loss += part?.loss ?? Number.NaN;
      const gradient = part?.gradient ?? new Float32Array();
      for (let k = 0; k < gradient.length; k++) sum[k] = (sum[k] ?? 0) + (gradient[k] ?? 0);
    });
    return { loss, gradient: sum };
  };

  return {
    async step(microBatches, learningRate) {
      const result = await gradient(microBatches);
      return optimiser.update(result.loss, result.gradient, learningRate);
    },
    gradient,
    weights: () => optimiser.weights.slice(),
    state: () => optimiser.state(),
    restore(state) {
      checkWeights(network, state.weights);
      optimiser.restore(state);
    },
    dispose() {
      for (const lane of lanes) lane.dispose();
      lanes = [];
    },
  };
}
