import { imageInput, layerInputs, type Layer, type Network } from '../../network/network';
import { parameterCount, parametersOf } from '../../network/parameters';
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

export interface ForwardPass {
  readonly logits: Node;
  readonly values: ReadonlyMap<string, Node>;
}

function parameterOf(parameters: ParameterNodes, layer: Layer): ParameterNode {
  return (part) => {
    const node = parameters.get(`${layer.name}.${part}`);
    if (node === undefined) throw new Error(`Layer "${layer.name}" has no parameter "${part}".`);
    return node;
  };
}

function valueOf(values: ReadonlyMap<string, Node>, name: string): Node {
  const node = values.get(name);
  if (node === undefined) throw new Error(`There is no layer "${name}".`);
  return node;
}

/** Writes the forward pass; keeps the node of every layer for the backward pass. */
export function writeForward(
  graph: GraphBuilder,
  network: Network,
  image: Node,
  parameters: ParameterNodes,
): ForwardPass {
  const values = new Map<string, Node>([[imageInput, image]]);
  let logits = image;
  for (const layer of network.layers) {
    const inputs = layerInputs(layer).map((name) => valueOf(values, name));
    logits = forwardLayer(graph, layer, inputs, parameterOf(parameters, layer));
    values.set(layer.name, logits);
  }
  return { logits, values };
}

/** Writes reverse-mode differentiation from the gradient of the logits; gives the flat gradient of all weights. */
export function writeBackward(
  graph: GraphBuilder,
  network: Network,
  forward: ForwardPass,
  parameters: ParameterNodes,
  logitsGradient: Node,
): Node {
  const pending = new Map<string, Node[]>();
  const last = network.layers.at(-1);
  if (last !== undefined) pending.set(last.name, [logitsGradient]);
  const gradients = new Map<string, Node>();
  for (const layer of network.layers.toReversed()) {
    const parts = pending.get(layer.name);
    if (parts === undefined) continue;
    const names = layerInputs(layer);
    const result = backwardLayer(graph, layer, {
      inputs: names.map((name) => valueOf(forward.values, name)),
      output: valueOf(forward.values, layer.name),
      gradient: sumOf(graph, parts),
      parameter: parameterOf(parameters, layer),
      needsInput: names.some((name) => name !== imageInput),
    });
    names.forEach((name, i) => {
      const gradient = result.inputs[i];
      if (gradient !== undefined && name !== imageInput)
        pending.set(name, [...(pending.get(name) ?? []), gradient]);
    });
    for (const [part, gradient] of Object.entries(result.parameters))
      gradients.set(`${layer.name}.${part}`, gradient);
  }
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
