import { layerInputs, type Layer, type Network } from '../../network/network';
import { parameterCount, parametersOf } from '../../network/parameters';
import {
  writeBackward as writeBackwardSteps,
  writeForward as writeForwardSteps,
  type ForwardPass,
  type GraphLanguage,
} from '../differentiate';
import type { GraphBuilder, Node } from './graph';
import { add } from './layers/add';
import { channelRms } from './layers/channel-rms';
import { concatenate } from './layers/concatenate';
import { convolution } from './layers/convolution';
import { groupNorm } from './layers/group-norm';
import type { LayerCompiler, LayerGradients, ParameterNode } from './layers/layer-compiler';
import { relu } from './layers/relu';
import { maxPool, upsample } from './layers/resample';
import { concatenate as concatenateNodes, reshape, slice, sumOf } from './operations';

type Pass = Parameters<LayerCompiler<Layer>['backward']>[2];

function forwardLayer(
  graph: GraphBuilder,
  layer: Layer,
  inputs: readonly Node[],
  parameter: ParameterNode,
): Node {
  switch (layer.kind) {
    case 'convolution':
      return convolution.forward(graph, layer, inputs, parameter);
    case 'relu':
      return relu.forward(graph, layer, inputs, parameter);
    case 'add':
      return add.forward(graph, layer, inputs, parameter);
    case 'group-norm':
      return groupNorm.forward(graph, layer, inputs, parameter);
    case 'channel-rms':
      return channelRms.forward(graph, layer, inputs, parameter);
    case 'max-pool':
      return maxPool.forward(graph, layer, inputs, parameter);
    case 'upsample':
      return upsample.forward(graph, layer, inputs, parameter);
    case 'concatenate':
      return concatenate.forward(graph, layer, inputs, parameter);
  }
}

function backwardLayer(graph: GraphBuilder, layer: Layer, pass: Pass): LayerGradients {
  switch (layer.kind) {
    case 'convolution':
      return convolution.backward(graph, layer, pass);
    case 'relu':
      return relu.backward(graph, layer, pass);
    case 'add':
      return add.backward(graph, layer, pass);
    case 'group-norm':
      return groupNorm.backward(graph, layer, pass);
    case 'channel-rms':
      return channelRms.backward(graph, layer, pass);
    case 'max-pool':
      return maxPool.backward(graph, layer, pass);
    case 'upsample':
      return upsample.backward(graph, layer, pass);
    case 'concatenate':
      return concatenate.backward(graph, layer, pass);
  }
}

/** TensorFlow fuses neighbours by itself, so every layer is a step. */
const language: GraphLanguage<GraphBuilder, Node, Node, Layer> = {
  inputsOf: layerInputs,
  forward: (graph, layer, inputs, parameter) =>
    forwardLayer(graph, layer, inputs, (part) => parameter(`${layer.name}.${part}`)),
  backward(graph, layer, { inputs, output, gradient, parameter, needsInput }) {
    const result = backwardLayer(graph, layer, {
      inputs,
      output,
      gradient,
      parameter: (part) => parameter(`${layer.name}.${part}`),
      needsInput: needsInput.some(Boolean),
    });
    const parameters = Object.entries(result.parameters).map(([part, node]): [string, Node] => [
      `${layer.name}.${part}`,
      node,
    ]);
    return { inputs: result.inputs, parameters: new Map(parameters) };
  },
  sum: sumOf,
};

/** Weight tensors by name, in canonical shapes. */
export type ParameterNodes = ReadonlyMap<string, Node>;

/** Cuts a flat vector of all weights into the tensors of the network. */
export function slicedParameters(
  graph: GraphBuilder,
  network: Network,
  flat: Node,
): ParameterNodes {
  return new Map(
    parametersOf(network).map(({ name, shape, offset, length }) => [
      name,
      reshape(graph, slice(graph, flat, [offset], [length]), shape),
    ]),
  );
}

/** Weight tensors as constants: TensorFlow then prepares them once for its kernels. */
export function constantParameters(
  graph: GraphBuilder,
  network: Network,
  weights: Float32Array,
): ParameterNodes {
  return new Map(
    parametersOf(network).map(({ name, shape, offset, length }) => [
      name,
      graph.constant(weights.subarray(offset, offset + length), shape),
    ]),
  );
}

const named =
  (parameters: ParameterNodes) =>
  (name: string): Node => {
    const node = parameters.get(name);
    if (node === undefined) throw new Error(`There is no parameter "${name}".`);
    return node;
  };

/** Writes the forward pass; keeps the node of every layer for the backward pass. */
export function writeForward(
  graph: GraphBuilder,
  network: Network,
  image: Node,
  parameters: ParameterNodes,
): ForwardPass<Node> {
  return writeForwardSteps(language, graph, network.layers, image, named(parameters));
}

/** Writes reverse-mode differentiation from the gradient of the logits; gives the flat gradient of all weights. */
export function writeBackward(
  graph: GraphBuilder,
  network: Network,
  forward: ForwardPass<Node>,
  parameters: ParameterNodes,
  logitsGradient: Node,
): Node {
  const { layers } = network;
  const parameter = named(parameters);
  const gradients = writeBackwardSteps(language, graph, layers, forward, parameter, logitsGradient);
  const flat = parametersOf(network).map(({ name, length }) => {
    const gradient = gradients.get(name);
    return gradient === undefined
      ? graph.constant(new Float32Array(length), [length])
      : reshape(graph, gradient, [length]);
  });
  return flat.length === 1 && flat[0] !== undefined
    ? flat[0]
    : { ...concatenateNodes(graph, flat, 0), shape: [parameterCount(network)] };
}
