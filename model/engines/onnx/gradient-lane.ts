import type { Network } from '../../network/network';
import type { LossAndGradient, MicroBatch, TrainingOptions } from '../engine';
import { GradientGraph } from './gradient-graph';
import type { Placement } from './placement';

/** What a lane computes for. */
export interface LaneSetting {
  readonly placement: Placement;
  readonly network: Network;
  readonly options: TrainingOptions;
}

/** Computes one micro-batch at a time. Dispose it. */
export interface GradientLane {
  /** `totals` = the sum of each weight plane over the whole batch. */
  gradient(
    weights: Float32Array<ArrayBuffer>,
    microBatch: MicroBatch,
    totals: Float32Array<ArrayBuffer>,
  ): Promise<LossAndGradient>;
  dispose(): void;
}

/** A lane on the calling thread; compiles a graph for each micro-batch size that turns up. */
export function localLane({ placement, network, options }: LaneSetting): GradientLane {
  const graphs = new Map<number, GradientGraph>();
  let disposed = false;
  return {
    async gradient(weights, microBatch, totals) {
      const { count } = microBatch;
      let graph = graphs.get(count);
      if (graph === undefined) {
        graph = await GradientGraph.compile(placement, network, options, count);
        graphs.set(count, graph);
        if (disposed) graph.dispose();
      }
      return graph.run(weights, microBatch, totals);
    },
    dispose() {
      disposed = true;
      for (const graph of graphs.values()) graph.dispose();
    },
  };
}
