import type { Network } from '../../network/network';
import { checkWeights } from '../../network/weights';
import { AdamW } from '../adamw';
import type { LossAndGradient, MicroBatch, TrainingOptions, TrainingSession } from '../engine';
import { GradientGraph } from './gradient-graph';
import type { Placement } from './placement';

/**
 * Micro-batches that are computed side by side, one thread each: without
 * threads waiting for one another inside every kernel, a step on two threads
 * takes about half of one on one (docs/performance.md).
 */
function groupsOf(
  microBatches: readonly MicroBatch[],
  { provider, threads }: Placement,
): readonly (readonly MicroBatch[])[] {
  const side = provider === 'cpu' ? Math.max(1, threads) : 1;
  const groups: MicroBatch[][] = [];
  microBatches.forEach((microBatch, i) => {
    if (i % side === 0) groups.push([]);
    groups.at(-1)?.push(microBatch);
  });
  return groups;
}

/** Compiles (weights, crops) → (loss, gradient) once for each group of micro-batch sizes that turns up; updates in `AdamW`. */
export function trainingSession(
  placement: Placement,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  options: TrainingOptions,
): TrainingSession {
  checkWeights(network, weights);
  const optimiser = new AdamW(network, weights, options);
  const graphs = new Map<string, Promise<GradientGraph>>();

  const graphFor = (counts: readonly number[]): Promise<GradientGraph> => {
    const key = counts.join();
    const known = graphs.get(key);
    if (known !== undefined) return known;
    const made = GradientGraph.compile(placement, network, options, counts);
    graphs.set(key, made);
    return made;
  };

  const gradient = async (microBatches: readonly MicroBatch[]): Promise<LossAndGradient> => {
    let total = 0;
    for (const { weight } of microBatches) for (const value of weight) total += value;
    const sum = new Float32Array(weights.length);
    let loss = 0;
    if (total === 0) return { loss, gradient: sum };
    for (const group of groupsOf(microBatches, placement)) {
      const graph = await graphFor(group.map(({ count }) => count));
      const part = await graph.run(optimiser.weights, group, total);
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
      for (const graph of graphs.values()) {
        graph.then(
          (compiled) => {
            compiled.dispose();
          },
          () => undefined,
        );
      }
      graphs.clear();
    },
  };
}
