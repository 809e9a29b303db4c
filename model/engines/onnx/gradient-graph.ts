import type { Network } from '../../network/network';
import { parametersOf, type Parameter } from '../../network/parameters';
import { writeBackward, writeForward } from '../differentiate';
import type { LossAndGradient, MicroBatch, TrainingOptions } from '../engine';
import { CompiledGraph, type NamedValues } from './compiled-graph';
import { FeatureMap, type Writing } from './feature-map';
import { GraphBuilder, type Node } from './graph';
import { language } from './language';
import { lossNodes } from './loss';
import { reshape, sumOf } from './operations';
import { fromPixels } from './pixel-order';
import type { Placement } from './placement';
import { stepsOf } from './steps';

interface Written {
  readonly loss: Node;
  readonly gradients: readonly { readonly parameter: Parameter; readonly node: Node }[];
}

const inputName = (part: string, chain: number): string => `${part}_${chain}`;

/** Forward, loss and backward pass of one micro-batch. */
function writeChain(
  writing: Writing,
  network: Network,
  options: TrainingOptions,
  parameter: (name: string) => Node,
  total: Node,
  { count, chain }: { readonly count: number; readonly chain: number },
): { readonly loss: Node; readonly gradients: ReadonlyMap<string, Node> } {
  const { graph } = writing;
  const { width, height, diceWeight } = options;
  const given = (part: string, channels: number): Node =>
    fromPixels(graph, graph.input(inputName(part, chain), [count, height, width, channels]));
  const image = FeatureMap.of(writing, given('image', network.inputChannels), 'plain');
  const target = given('target', network.classes);
  const weight = given('weight', 1);
  const steps = stepsOf(network);
  const forward = writeForward(language, writing, steps, image, parameter);
  const { logits } = forward;
  const loss = lossNodes(graph, logits.plain, { target, weight, total }, diceWeight);
  const start = FeatureMap.of(writing, loss.gradient, 'plain');
  const gradients = writeBackward(language, writing, steps, forward, parameter, start);
  return { loss: loss.value, gradients };
}

function write(
  writing: Writing,
  network: Network,
  options: TrainingOptions,
  counts: readonly number[],
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
  const total = graph.input('total', []);
  const chains = counts.map((count, chain) =>
    writeChain(writing, network, options, parameter, total, { count, chain }),
  );
  const gradients = parameters.flatMap((each) => {
    const parts = chains.flatMap(({ gradients: found }) => found.get(each.name) ?? []);
    return parts.length === 0 ? [] : [{ parameter: each, node: sumOf(graph, parts) }];
  });
  const losses = chains.map(({ loss }) => loss);
  return { loss: reshape(graph, sumOf(graph, losses), [1]), gradients };
}

/** A compiled training step without its update: (weights, micro-batches) → (loss, gradient). Dispose it. */
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

  /** `counts` = crops in each of the micro-batches that are computed side by side. */
  static async compile(
    placement: Placement,
    network: Network,
    options: TrainingOptions,
    counts: readonly number[],
  ): Promise<GradientGraph> {
    const graph = new GraphBuilder();
    const written = write({ graph, block: placement.block }, network, options, counts);
    graph.output(written.loss);
    for (const { node } of written.gradients) graph.output(node);
    const compiled = await CompiledGraph.load(graph, placement, counts.length);
    return new GradientGraph(compiled, written, network, options);
  }

  /** Loss and gradient of the micro-batches together; `total` = the sum of all pixel weights of the whole batch. */
  async run(
    weights: Float32Array<ArrayBuffer>,
    microBatches: readonly MicroBatch[],
    total: number,
  ): Promise<LossAndGradient> {
    const { width, height } = this.#options;
    const { inputChannels, classes } = this.#network;
    const inputs: NamedValues[] = parametersOf(this.#network).map(
      ({ name, shape, offset, length }) => ({
        name,
        shape,
        values: weights.subarray(offset, offset + length),
      }),
    );
    inputs.push({ name: 'total', shape: [], values: Float32Array.of(total) });
    microBatches.forEach(({ count, image, target, weight }, chain) => {
      const area = [count, height, width] as const;
      inputs.push(
        { name: inputName('image', chain), shape: [...area, inputChannels], values: image },
        { name: inputName('target', chain), shape: [...area, classes], values: target },
        { name: inputName('weight', chain), shape: [...area, 1], values: weight },
      );
    });
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
