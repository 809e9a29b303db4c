import { weightPlanes, type Network } from '../../network/network';
import { parametersOf, type Parameter } from '../../network/parameters';
import { writeBackward, writeForward } from '../differentiate';
import type { LossAndGradient, MicroBatch, TrainingOptions } from '../engine';
import { CompiledGraph, type NamedValues } from './compiled-graph';
import { FeatureMap, type Writing } from './feature-map';
import { GraphBuilder, type Node } from './graph';
import { language } from './language';
import { lossNodes } from './loss';
import { reshape } from './operations';
import { fromPixels } from './pixel-order';
import type { Placement } from './placement';
import { stepsOf } from './steps';

interface Written {
  readonly loss: Node;
  readonly gradients: readonly { readonly parameter: Parameter; readonly node: Node }[];
}

/** Forward, loss and backward pass of a micro-batch. */
function write(
  writing: Writing,
  network: Network,
  { width, height, diceWeight }: TrainingOptions,
  count: number,
): Written {
  const { graph } = writing;
  const parameters = parametersOf(network);
  const inputs = new Map(
    parameters.map((parameter) => [parameter.name, graph.input(parameter.name, parameter.shape)]),
  );
  const parameter = (name: string): Node => {
    const node = inputs.get(name);
    if (node === undefined) throw new Error(`There is no parameter "${name}".`);
    return node;
  };
  const given = (part: string, channels: number): Node =>
    fromPixels(graph, graph.input(part, [count, height, width, channels]));
  const image = FeatureMap.of(writing, given('image', network.inputChannels), 'plain');
  const truth = {
    target: given('target', network.classes),
    weight: given('weight', weightPlanes(network)),
    total: graph.input('total', [1, weightPlanes(network), 1, 1]),
  };
  const steps = stepsOf(network);
  const forward = writeForward(language, writing, steps, image, parameter);
  const { output } = network;
  const loss = lossNodes(graph, forward.logits.plain, truth, { output, diceWeight });
  const start = FeatureMap.of(writing, loss.gradient, 'plain');
  const gradients = writeBackward(language, writing, steps, forward, parameter, start);
  return {
    loss: reshape(graph, loss.value, [1]),
    gradients: parameters.flatMap((each) => {
      const node = gradients.get(each.name);
      return node === undefined ? [] : [{ parameter: each, node }];
    }),
  };
}

/** A compiled training step without its update: (weights, micro-batch) → (loss, gradient). Dispose it. */
export class GradientGraph {
  readonly #compiled: CompiledGraph;
  readonly #written: Written;
  readonly #network: Network;
  readonly #options: TrainingOptions;

  private constructor(
    compiled: CompiledGraph,
    written: Written,
    network: Network,
    options: TrainingOptions,
  ) {
    this.#compiled = compiled;
    this.#written = written;
    this.#network = network;
    this.#options = options;
  }

  /** `count` = crops in a micro-batch. */
  static async compile(
    placement: Placement,
    network: Network,
    options: TrainingOptions,
    count: number,
  ): Promise<GradientGraph> {
    const graph = new GraphBuilder(placement.provider);
    const written = write({ graph, block: placement.block }, network, options, count);
    graph.output(written.loss);
    for (const { node } of written.gradients) graph.output(node);
    const compiled = await CompiledGraph.load(graph, placement);
    return new GradientGraph(compiled, written, network, options);
  }

  /** Loss and gradient of a micro-batch; `totals` = the sum of each weight plane over the whole batch. */
  async run(
    weights: Float32Array<ArrayBuffer>,
    { count, image, target, weight }: MicroBatch,
    totals: Float32Array<ArrayBuffer>,
  ): Promise<LossAndGradient> {
    const { width, height } = this.#options;
    const { inputChannels, classes } = this.#network;
    const area = [count, height, width] as const;
    const inputs: NamedValues[] = parametersOf(this.#network).map(
      ({ name, shape, offset, length }) => ({
        name,
        shape,
        values: weights.subarray(offset, offset + length),
      }),
    );
    inputs.push(
      { name: 'total', shape: [1, totals.length, 1, 1], values: totals },
      { name: 'image', shape: [...area, inputChannels], values: image },
      { name: 'target', shape: [...area, classes], values: target },
      { name: 'weight', shape: [...area, totals.length], values: weight },
    );
    const gradient = new Float32Array(weights.length);
    const loss = new Float32Array(1);
    const outputs: NamedValues[] = this.#written.gradients.map(
      ({ parameter: { offset, length, shape }, node }) => ({
        name: node.name,
        shape,
        values: gradient.subarray(offset, offset + length),
      }),
    );
    await this.#compiled.run(inputs, [...outputs, { ...this.#written.loss, values: loss }]);
    return { loss: loss[0] ?? Number.NaN, gradient };
  }

  dispose(): void {
    this.#compiled.dispose();
  }
}
