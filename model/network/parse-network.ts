import { ModelError } from '../errors';
import { imageInput, layerInputs, type Layer, type Network, type NetworkOutput } from './network';

const limits = { layers: 1000, channels: 4096 } as const;

function corrupt(reason: string, layer?: string): ModelError {
  return new ModelError('model.corrupt', `The network description can't be used: ${reason}.`, {
    hint: 'Choose another model version, or export this model again from the program that made it.',
    data: layer === undefined ? { reason } : { reason, layer },
  });
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw corrupt(`${what} is not an object`);
  return Object.fromEntries(Object.entries(value));
}

function text(fields: Readonly<Record<string, unknown>>, key: string, what: string): string {
  const value = fields[key];
  if (typeof value !== 'string' || value === '' || value.length > 200)
    throw corrupt(`${what} has no valid "${key}"`);
  return value;
}

function count(fields: Readonly<Record<string, unknown>>, key: string, what: string): number {
  const value = fields[key];
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < 1 ||
    value > limits.channels
  ) {
    throw corrupt(`"${key}" of ${what} is not a whole number from 1 to ${limits.channels}`);
  }
  return value;
}

function pair(fields: Readonly<Record<string, unknown>>, what: string): readonly [string, string] {
  const value = fields['inputs'];
  if (!Array.isArray(value)) throw corrupt(`${what} needs two inputs`);
  const list: readonly unknown[] = value;
  const [a, b, ...rest] = list;
  if (typeof a !== 'string' || typeof b !== 'string' || rest.length > 0)
    throw corrupt(`${what} needs two inputs`);
  return [a, b];
}

function parseLayer(value: unknown, index: number): Layer {
  const fields = record(value, `layer ${index}`);
  const name = text(fields, 'name', `layer ${index}`);
  const what = `layer "${name}"`;
  const kind = text(fields, 'kind', what);
  switch (kind) {
    case 'convolution': {
      const { kernel, start, bias = true } = fields;
      if (kernel !== 1 && kernel !== 3)
        throw corrupt(`${what} has a kernel other than 1 or 3`, name);
      if (start !== 'he' && start !== 'zero' && start !== 'head')
        throw corrupt(`${what} has an unknown start`, name);
      if (typeof bias !== 'boolean') throw corrupt(`${what} has a bias other than yes or no`, name);
      return {
        kind,
        name,
        input: text(fields, 'input', what),
        kernel,
        inputChannels: count(fields, 'inputChannels', what),
        outputChannels: count(fields, 'outputChannels', what),
        bias,
        start,
      };
    }
    case 'relu':
    case 'max-pool':
    case 'upsample':
      return { kind, name, input: text(fields, 'input', what) };
    case 'add':
    case 'concatenate':
      return { kind, name, inputs: pair(fields, what) };
    case 'group-norm':
      return {
        kind,
        name,
        input: text(fields, 'input', what),
        channels: count(fields, 'channels', what),
        groups: count(fields, 'groups', what),
      };
    case 'channel-rms':
      return {
        kind,
        name,
        input: text(fields, 'input', what),
        channels: count(fields, 'channels', what),
      };
    default:
      throw corrupt(`${what} is of the unknown kind "${kind}"`, name);
  }
}

interface Extent {
  readonly channels: number;
  /** How often the image was halved to get here. */
  readonly halvings: number;
}

/** The channels of every layer; throws where a layer is fed what it can't take. */
function checkWiring(network: Network): void {
  const extents = new Map<string, Extent>([
    [imageInput, { channels: network.inputChannels, halvings: 0 }],
  ]);
  for (const layer of network.layers) {
    if (extents.has(layer.name)) throw corrupt(`two layers are called "${layer.name}"`, layer.name);
    const [first, second] = layerInputs(layer).map((input) => {
      const extent = extents.get(input);
      if (extent === undefined)
        throw corrupt(
          `layer "${layer.name}" reads "${input}", which comes later or not at all`,
          layer.name,
        );
      return extent;
    });
    if (first === undefined) throw corrupt(`layer "${layer.name}" reads nothing`, layer.name);
    extents.set(layer.name, extentAfter(layer, first, second ?? first));
  }
  const last = network.layers.at(-1);
  const output = last === undefined ? undefined : extents.get(last.name);
  if (output?.channels !== network.classes || output.halvings !== 0) {
    throw corrupt(
      'its last layer does not give one map a class at the size of the image',
      last?.name,
    );
  }
}

function extentAfter(layer: Layer, first: Extent, second: Extent): Extent {
  const expect = (channels: number): void => {
    if (channels !== first.channels) {
      throw corrupt(
        `layer "${layer.name}" expects ${channels} channels and gets ${first.channels}`,
        layer.name,
      );
    }
  };
  switch (layer.kind) {
    case 'convolution':
      expect(layer.inputChannels);
      return { ...first, channels: layer.outputChannels };
    case 'group-norm':
      expect(layer.channels);
      if (layer.channels % layer.groups !== 0)
        throw corrupt(
          `layer "${layer.name}" can't split ${layer.channels} channels into ${layer.groups} groups`,
          layer.name,
        );
      return first;
    case 'channel-rms':
      expect(layer.channels);
      return first;
    case 'relu':
      return first;
    case 'max-pool':
      return { ...first, halvings: first.halvings + 1 };
    case 'upsample':
      return { ...first, halvings: first.halvings - 1 };
    case 'add':
      if (first.channels !== second.channels || first.halvings !== second.halvings)
        throw corrupt(`layer "${layer.name}" adds maps of different shapes`, layer.name);
      return first;
    case 'concatenate':
      if (first.halvings !== second.halvings)
        throw corrupt(`layer "${layer.name}" joins maps of different sizes`, layer.name);
      return { ...first, channels: first.channels + second.channels };
  }
}

function parseOutput({ output = 'sigmoid' }: Readonly<Record<string, unknown>>): NetworkOutput {
  if (output !== 'sigmoid' && output !== 'softmax')
    throw corrupt(`its output "${String(output)}" is neither sigmoid nor softmax`);
  return output;
}

/**
 * Reads a network description from JSON that anyone may have written.
 * Throws `model.corrupt` with the reason and the layer.
 */
export function parseNetwork(value: unknown): Network {
  const fields = record(value, 'it');
  if (fields['format'] !== 'membrana-network') throw corrupt('it is not a Membrana network');
  if (fields['version'] !== 1)
    throw corrupt(
      `its version ${String(fields['version'])} is not known to this version of Membrana`,
    );
  const list = fields['layers'];
  if (!Array.isArray(list) || list.length === 0 || list.length > limits.layers)
    throw corrupt(`it has no layers, or more than ${limits.layers}`);
  const network: Network = {
    format: 'membrana-network',
    version: 1,
    name: text(fields, 'name', 'it'),
    inputChannels: count(fields, 'inputChannels', 'it'),
    classes: count(fields, 'classes', 'it'),
    output: parseOutput(fields),
    layers: list.map((layer: unknown, index) => parseLayer(layer, index)),
  };
  if (network.output === 'softmax' && network.classes < 2)
    throw corrupt('softmax needs at least two classes to choose from');
  checkWiring(network);
  return network;
}
