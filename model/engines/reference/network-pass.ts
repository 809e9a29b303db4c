import { imageInput, layerInputs, type Layer, type Network } from '../../network/network';
import { parameterCount, parametersOf } from '../../network/parameters';
import { add } from './layers/add';
import { channelRms } from './layers/channel-rms';
import { concatenate } from './layers/concatenate';
import { convolution } from './layers/convolution';
import { groupNorm } from './layers/group-norm';
import type { LayerGradients, Parameter } from './layers/layer-reference';
import { maxPool } from './layers/max-pool';
import { relu } from './layers/relu';
import { upsample } from './layers/upsample';
import { sum, type Maps } from './maps';

function forwardLayer(layer: Layer, inputs: readonly Maps[], parameter: Parameter): Maps {
  switch (layer.kind) {
    case 'convolution':
      return convolution.forward(layer, inputs, parameter);
    case 'relu':
      return relu.forward(layer, inputs, parameter);
    case 'add':
      return add.forward(layer, inputs, parameter);
    case 'group-norm':
      return groupNorm.forward(layer, inputs, parameter);
    case 'channel-rms':
      return channelRms.forward(layer, inputs, parameter);
    case 'max-pool':
      return maxPool.forward(layer, inputs, parameter);
    case 'upsample':
      return upsample.forward(layer, inputs, parameter);
    case 'concatenate':
      return concatenate.forward(layer, inputs, parameter);
  }
}

function backwardLayer(
  layer: Layer,
  inputs: readonly Maps[],
  gradient: Maps,
  parameter: Parameter,
): LayerGradients {
  switch (layer.kind) {
    case 'convolution':
      return convolution.backward(layer, inputs, gradient, parameter);
    case 'relu':
      return relu.backward(layer, inputs, gradient, parameter);
    case 'add':
      return add.backward(layer, inputs, gradient, parameter);
    case 'group-norm':
      return groupNorm.backward(layer, inputs, gradient, parameter);
    case 'channel-rms':
      return channelRms.backward(layer, inputs, gradient, parameter);
    case 'max-pool':
      return maxPool.backward(layer, inputs, gradient, parameter);
    case 'upsample':
      return upsample.backward(layer, inputs, gradient, parameter);
    case 'concatenate':
      return concatenate.backward(layer, inputs, gradient, parameter);
  }
}

type ParametersOf = (layer: Layer) => Parameter;

function parametersIn(network: Network, weights: Float64Array): ParametersOf {
  const parts = new Map(
    parametersOf(network).map(({ name, offset, length }) => [
      name,
      weights.subarray(offset, offset + length),
    ]),
  );
  return (layer) => (part) => {
    const values = parts.get(`${layer.name}.${part}`);
    if (values === undefined) throw new Error(`Layer "${layer.name}" has no parameter "${part}".`);
    return values;
  };
}

const inputsOf = (layer: Layer, values: ReadonlyMap<string, Maps>): Maps[] =>
  layerInputs(layer).map((name) => {
    const maps = values.get(name);
    if (maps === undefined) throw new Error(`There is no layer "${name}".`);
    return maps;
  });

/** One sample's way through the network. */
export interface ForwardPass {
  readonly logits: Maps;
  /** The maps of every layer and of the image, by name. */
  readonly values: ReadonlyMap<string, Maps>;
}

/** Runs one sample; the image is height × width × channels. */
export function forwardPass(
  network: Network,
  weights: Float64Array,
  image: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
): ForwardPass {
  const channels = network.inputChannels;
  const area = width * height;
  const data = Float64Array.from(
    { length: channels * area },
    (_, i) => image[(i % area) * channels + Math.floor(i / area)] ?? 0,
  );
  let logits: Maps = { channels, height, width, data };
  const values = new Map<string, Maps>([[imageInput, logits]]);
  const parameters = parametersIn(network, weights);
  for (const layer of network.layers) {
    logits = forwardLayer(layer, inputsOf(layer, values), parameters(layer));
    values.set(layer.name, logits);
  }
  return { logits, values };
}

/** Reverse-mode differentiation of one sample: from the gradient by the logits to that by all weights, canonical order. */
export function backwardPass(
  network: Network,
  weights: Float64Array,
  { values }: ForwardPass,
  logitsGradient: Maps,
): Float64Array {
  const all = new Float64Array(parameterCount(network));
  const places = new Map(parametersOf(network).map(({ name, offset }) => [name, offset]));
  const parameters = parametersIn(network, weights);
  const pending = new Map<string, Maps>();
  const last = network.layers.at(-1);
  if (last !== undefined) pending.set(last.name, logitsGradient);
  for (const layer of network.layers.toReversed()) {
    const gradient = pending.get(layer.name);
    if (gradient === undefined) continue;
    const result = backwardLayer(layer, inputsOf(layer, values), gradient, parameters(layer));
    layerInputs(layer).forEach((name, i) => {
      const part = result.inputs[i];
      if (part === undefined) return;
      const known = pending.get(name);
      pending.set(name, known === undefined ? part : sum(known, part));
    });
    for (const [part, values] of Object.entries(result.parameters))
      all.set(values, places.get(`${layer.name}.${part}`) ?? 0);
  }
  return all;
}
