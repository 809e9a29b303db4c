import type { Network } from '../../network/network';
import { checkWeights } from '../../network/weights';
import { AdamW } from '../adamw';
import type { LossAndGradient, MicroBatch, TrainingOptions, TrainingSession } from '../engine';
import { GradientGraph } from './gradient-graph';
import type { Placement } from './placement';

/** Compiles (weights, crops) → (loss, gradient) once for each micro-batch size that turns up; updates in `AdamW`. */
export function trainingSession(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  options: TrainingOptions,
): TrainingSession {
  checkWeights(network, weights);
  const optimiser = new AdamW(network, weights, options);
  const graphs = new Map<number, GradientGraph>();
  let disposed = false;

  const graphFor = async (count: number): Promise<GradientGraph> => {
    const known = graphs.get(count);
    if (known !== undefined) return known;
    const made = await GradientGraph.compile(placement, network, options, count);
    graphs.set(count, made);
    if (disposed) made.dispose();
    return made;
  };

  const gradient = async (microBatches: readonly MicroBatch[]): Promise<LossAndGradient> => {
    let total = 0;
    for (const { weight } of microBatches) for (const value of weight) total += value;
    const sum = new Float32Array(weights.length);
    let loss = 0;
    if (total === 0) return { loss, gradient: sum };
    for (const microBatch of microBatches) {
      const graph = await graphFor(microBatch.count);
      const part = await graph.run(optimiser.weights, microBatch, total);
      loss += part.loss;
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (part.gradient[i] ?? 0);
    }
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
      disposed = true;
      for (const graph of graphs.values()) graph.dispose();
    },
  };
}
