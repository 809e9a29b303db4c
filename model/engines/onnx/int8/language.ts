import type { Network } from '../../../network/network';
import { parametersOf } from '../../../network/parameters';
import type { ForwardLanguage } from '../../differentiate';
import type { Writing } from '../feature-map';
import type { Node } from '../graph';
import { language as floatLanguage } from '../language';
import { stepInputs, type ConvolutionStep, type Step } from '../steps';
import { ByteMap } from './byte-map';
import type { Encoding } from './encoding';
import { quantisedFilter, widened, withIdentity, type FloatFilter } from './quantised-filter';
import { clippedBytes, convolvedBytes, doubledBytes, joinedBytes, pooledBytes } from './step-bytes';

function at(inputs: readonly ByteMap[], index: number): ByteMap {
  const map = inputs[index];
  if (map === undefined) throw new Error(`Input ${index} of a step is missing.`);
  return map;
}

/** Gives the numbers of a parameter by its full name. */
export function parameterValues(
  network: Network,
  weights: Float32Array,
): (name: string) => Float32Array | null {
  const parameters = new Map(parametersOf(network).map((each) => [each.name, each]));
  return (name) => {
    const found = parameters.get(name);
    return found === undefined ? null : weights.subarray(found.offset, found.offset + found.length);
  };
}

/** The weights of a step, what is added to it among them; null where another map is added. */
export function filterOf(
  { convolution, addend }: ConvolutionStep,
  values: (name: string) => Float32Array | null,
): FloatFilter | null {
  const { name, inputChannels, kernel, input } = convolution;
  const weight = values(`${name}.weight`);
  if (weight === null) throw new Error(`There are no weights for "${name}".`);
  const filter = { weight, bias: values(`${name}.bias`), inputChannels, taps: kernel ** 2 };
  if (addend === null) return filter;
  return addend === input ? withIdentity(filter) : null;
}

/**
 * How the steps are written in bytes. What has no 8-bit kernel is computed in
 * float, with a conversion on either side.
 */
export function byteLanguage(
  encodings: ReadonlyMap<string, Encoding>,
  values: (name: string) => Float32Array | null,
  levels: number,
): ForwardLanguage<Writing, ByteMap, Node, Step> {
  const encodingOf = (name: string): Encoding => {
    const encoding = encodings.get(name);
    if (encoding === undefined) throw new Error(`There is no encoding for "${name}".`);
    return encoding;
  };
  return {
    inputsOf: stepInputs,
    forward(writing, step, inputs, parameter) {
      const { graph } = writing;
      const first = at(inputs, 0);
      const inFloat = (): ByteMap => {
        const maps = inputs.map(({ float }) => float);
        const map = floatLanguage.forward(writing, step, maps, parameter);
        return ByteMap.ofFloat(writing, map, encodingOf(step.name));
      };
      switch (step.kind) {
        case 'convolution-step': {
          const filter = filterOf(step, values);
          if (filter === null) return inFloat();
          const encoding = encodingOf(step.name);
          const { scales } = first.encoding;
          const quantised = quantisedFilter(widened(filter, scales.length), scales, levels);
          const zeroPoints = { input: first.encoding.zeroPoint, output: encoding.zeroPoint };
          const { convolution } = step;
          let bytes = convolvedBytes(
            graph,
            first.bytes,
            zeroPoints,
            convolution,
            quantised,
            encoding.scales,
          );
          if (step.relu && encoding.zeroPoint > 0)
            bytes = clippedBytes(graph, bytes, encoding.zeroPoint);
          return ByteMap.ofBytes(writing, bytes, encoding);
        }
        case 'max-pool':
          return ByteMap.ofBytes(writing, pooledBytes(graph, first.bytes), first.encoding);
        case 'upsample':
          return ByteMap.ofBytes(writing, doubledBytes(graph, first.bytes), first.encoding);
        case 'concatenate': {
          const second = at(inputs, 1);
          const bytes = joinedBytes(graph, [first.bytes, second.bytes]);
          const scales = Float32Array.from([...first.encoding.scales, ...second.encoding.scales]);
          return ByteMap.ofBytes(writing, bytes, { ...first.encoding, scales });
        }
        case 'relu':
        case 'add':
        case 'group-norm':
        case 'channel-rms':
          return inFloat();
      }
    },
  };
}
