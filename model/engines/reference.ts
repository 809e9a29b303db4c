import { imageInput, layerInputs, type Layer, type Network } from '../network/network';
import { parametersOf } from '../network/parameters';
import type { MicroBatch } from './engine';

/** One sample's maps of a layer: data[channel][row][column] in one array, double precision. */
interface Maps {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

const normEpsilon = 1e-5;

function mapsOf(
  channels: number,
  height: number,
  width: number,
  value: (c: number, y: number, x: number) => number,
): Maps {
  const data = new Float64Array(channels * height * width);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[at++] = value(c, y, x);
  }
  return { channels, height, width, data };
}

/** The value at a place; 0 outside. */
function at({ channels, height, width, data }: Maps, c: number, y: number, x: number): number {
  if (c < 0 || c >= channels || y < 0 || y >= height || x < 0 || x >= width) return 0;
  return data[(c * height + y) * width + x] ?? 0;
}

type Parameter = (part: string) => Float64Array;

function convolve(
  layer: Extract<Layer, { kind: 'convolution' }>,
  input: Maps,
  parameter: Parameter,
): Maps {
  const { kernel, inputChannels } = layer;
  const weight = parameter('weight');
  const bias = parameter('bias');
  const reach = (kernel - 1) / 2;
  return mapsOf(layer.outputChannels, input.height, input.width, (o, y, x) => {
    let sum = bias[o] ?? 0;
    for (let i = 0; i < inputChannels; i++) {
      for (let dy = 0; dy < kernel; dy++) {
        for (let dx = 0; dx < kernel; dx++) {
          sum +=
            (weight[((o * inputChannels + i) * kernel + dy) * kernel + dx] ?? 0) *
            at(input, i, y + dy - reach, x + dx - reach);
        }
      }
    }
    return sum;
  });
}

function groupNorm(
  layer: Extract<Layer, { kind: 'group-norm' }>,
  input: Maps,
  parameter: Parameter,
): Maps {
  const size = (layer.channels / layer.groups) * input.height * input.width;
  const statistics = Array.from({ length: layer.groups }, (_, g) => {
    const values = input.data.subarray(g * size, (g + 1) * size);
    const mean = values.reduce((sum, value) => sum + value, 0) / size;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    return { mean, deviation: Math.sqrt(variance + normEpsilon) };
  });
  const perGroup = layer.channels / layer.groups;
  return mapsOf(input.channels, input.height, input.width, (c, y, x) => {
    const { mean, deviation } = statistics[Math.floor(c / perGroup)] ?? { mean: 0, deviation: 1 };
    return (
      ((at(input, c, y, x) - mean) / deviation) * (parameter('scale')[c] ?? 1) +
      (parameter('shift')[c] ?? 0)
    );
  });
}

function channelRms(input: Maps, parameter: Parameter): Maps {
  return mapsOf(input.channels, input.height, input.width, (c, y, x) => {
    let squares = 0;
    for (let i = 0; i < input.channels; i++) squares += at(input, i, y, x) ** 2;
    return (
      (at(input, c, y, x) / Math.sqrt(squares / input.channels + normEpsilon)) *
      (parameter('scale')[c] ?? 1)
    );
  });
}

function runLayer(layer: Layer, first: Maps, second: Maps, parameter: Parameter): Maps {
  const { channels, height, width } = first;
  switch (layer.kind) {
    case 'convolution':
      return convolve(layer, first, parameter);
    case 'relu':
      return { ...first, data: first.data.map((value) => Math.max(0, value)) };
    case 'add':
      return { ...first, data: first.data.map((value, i) => value + (second.data[i] ?? 0)) };
    case 'group-norm':
      return groupNorm(layer, first, parameter);
    case 'channel-rms':
      return channelRms(first, parameter);
    case 'max-pool':
      return mapsOf(channels, height / 2, width / 2, (c, y, x) =>
        Math.max(
          at(first, c, 2 * y, 2 * x),
          at(first, c, 2 * y, 2 * x + 1),
          at(first, c, 2 * y + 1, 2 * x),
          at(first, c, 2 * y + 1, 2 * x + 1),
        ),
      );
    case 'upsample':
      return mapsOf(channels, height * 2, width * 2, (c, y, x) => at(first, c, y >> 1, x >> 1));
    case 'concatenate':
      return mapsOf(channels + second.channels, height, width, (c, y, x) =>
        c < channels ? at(first, c, y, x) : at(second, c - channels, y, x),
      );
  }
}

/**
 * The network written out as plainly as it can be, in double precision: what
 * the engines are checked against. Logits of one sample, [class][row][column].
 * Far too slow for anything but pictures of a few dozen pixels.
 */
export function referenceLogits(
  network: Network,
  weights: Float64Array,
  image: Float32Array,
  width: number,
  height: number,
): Float64Array {
  const { inputChannels } = network;
  const parts = new Map(
    parametersOf(network).map(({ name, offset, length }) => [
      name,
      weights.subarray(offset, offset + length),
    ]),
  );
  let last = mapsOf(
    inputChannels,
    height,
    width,
    (c, y, x) => image[(y * width + x) * inputChannels + c] ?? 0,
  );
  const values = new Map<string, Maps>([[imageInput, last]]);
  for (const layer of network.layers) {
    const [first, second] = layerInputs(layer).map((name) => values.get(name));
    if (first === undefined) throw new Error(`Layer "${layer.name}" has no input.`);
    last = runLayer(
      layer,
      first,
      second ?? first,
      (part) => parts.get(`${layer.name}.${part}`) ?? new Float64Array(),
    );
    values.set(layer.name, last);
  }
  return last.data;
}

/** The training loss in double precision; the formula is told beside the engines' own (`tensorflow/loss.ts`). */
export function referenceLoss(
  network: Network,
  weights: Float64Array,
  microBatches: readonly MicroBatch[],
  options: { readonly width: number; readonly height: number; readonly diceWeight: number },
): number {
  const { width, height, diceWeight } = options;
  const { classes, inputChannels } = network;
  const area = width * height;
  let entropy = 0;
  let dice = 0;
  let total = 0;
  for (const batch of microBatches) {
    for (let sample = 0; sample < batch.count; sample++) {
      const image = batch.image.subarray(
        sample * area * inputChannels,
        (sample + 1) * area * inputChannels,
      );
      const logits = referenceLogits(network, weights, image, width, height);
      let share = 0;
      let overlap = 0;
      let sizes = 0;
      for (let i = 0; i < area; i++) {
        const w = batch.weight[sample * area + i] ?? 0;
        share += w;
        for (let c = 0; c < classes; c++) {
          const z = logits[c * area + i] ?? 0;
          const t = batch.target[(sample * area + i) * classes + c] ?? 0;
          const p = 1 / (1 + Math.exp(-z));
          entropy += w * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - t * z);
          overlap += w * p * t;
          sizes += w * (p + t);
        }
      }
      total += share;
      dice += share * (1 - (2 * overlap + 1) / (sizes + 1));
    }
  }
  return total === 0 ? 0 : (entropy + diceWeight * dice) / total;
}
