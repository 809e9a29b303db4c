import { checkWeights } from '../../network/weights';
import { weightPlanes, type Network } from '../../network/network';
import { AdamW } from '../adamw';
import type { LossAndGradient, MicroBatch, TrainingOptions, TrainingSession } from '../engine';
import { planeTotals } from '../plane-totals';
import type { Binding } from './binding';
import { CompiledGraph } from './compiled-graph';
import { slicedParameters, writeBackward, writeForward } from './compile-network';
import { floatType, GraphBuilder } from './graph';
import { lossNodes } from './loss';
import { promised } from './promised';

function gradientGraph(
  binding: Binding,
  network: Network,
  parameters: number,
  options: TrainingOptions,
  count: number,
): CompiledGraph {
  const graph = new GraphBuilder();
  const { width, height, diceWeight } = options;
  const flat = graph.placeholder('weights', [parameters]);
  const image = graph.placeholder('image', [count, height, width, network.inputChannels]);
  const target = graph.placeholder('target', [count, height, width, network.classes]);
  const weight = graph.placeholder('weight', [count, height, width, weightPlanes(network)]);
  const total = graph.placeholder('total', [1, 1, 1, weightPlanes(network)]);
  const tensors = slicedParameters(graph, network, flat);
  const forward = writeForward(graph, network, image, tensors);
  const loss = lossNodes(
    graph,
    forward.logits,
    { target, weight, total },
    { output: network.output, diceWeight },
  );
  const gradient = writeBackward(graph, network, forward, tensors, loss.gradient);
  graph.operation('Identity', [loss.value], { T: floatType }, loss.value.shape, 'loss');
  graph.operation('Identity', [gradient], { T: floatType }, gradient.shape, 'gradient');
  return new CompiledGraph(binding, graph);
}

/** Compiles (weights, crops) → (loss, gradient) once for each micro-batch size that turns up; updates in `AdamW`. */
export function trainingSession(
  binding: Binding,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  options: TrainingOptions,
): TrainingSession {
  checkWeights(network, weights);
  const optimiser = new AdamW(network, weights, options);
  const graphs = new Map<number, CompiledGraph>();
  const { width, height } = options;

  const graphFor = (count: number): CompiledGraph => {
    const known = graphs.get(count);
    if (known !== undefined) return known;
    const made = gradientGraph(binding, network, weights.length, options, count);
    graphs.set(count, made);
    return made;
  };

  const gradient = (microBatches: readonly MicroBatch[]): LossAndGradient => {
    const totals = planeTotals(microBatches, weightPlanes(network), options);
    const sum = new Float32Array(weights.length);
    let loss = 0;
    if (totals === null) return { loss, gradient: sum };
    for (const { count, image, target, weight } of microBatches) {
      const [value, part] = graphFor(count).run(
        [
          { name: 'weights', shape: [weights.length], values: optimiser.weights },
          { name: 'image', shape: [count, height, width, network.inputChannels], values: image },
          { name: 'target', shape: [count, height, width, network.classes], values: target },
          { name: 'weight', shape: [count, height, width, totals.length], values: weight },
          { name: 'total', shape: [1, 1, 1, totals.length], values: totals },
        ],
        ['loss', 'gradient'],
      );
      loss += value?.[0] ?? Number.NaN;
      part?.forEach((number, i) => {
        sum[i] = (sum[i] ?? 0) + number;
      });
    }
    return { loss, gradient: sum };
  };

  return {
    step: (microBatches, learningRate) =>
      promised(() => {
        const result = gradient(microBatches);
        return optimiser.update(result.loss, result.gradient, learningRate);
      }),
    gradient: (microBatches) => promised(() => gradient(microBatches)),
    weights: () => optimiser.weights.slice(),
    state: () => optimiser.state(),
    restore(state) {
      checkWeights(network, state.weights);
      optimiser.restore(state);
    },
    dispose() {
      for (const graph of graphs.values()) graph.dispose();
      graphs.clear();
    },
  };
}
