import {
  imageInput,
  weightPlanes,
  type Layer,
  type Network,
  type NetworkOutput,
} from '../../network/network';
import { plainUnet } from '../../network/plain-unet';
import { unet, type UNetOptions } from '../../network/unet';
import { initialWeights } from '../../network/weights';
import { Random } from '../../training/random';
import type { MicroBatch, TrainingOptions } from '../engine';

/** Side of the pictures that layers are tried on. */
export const side = 8;

export const trainingOptions: TrainingOptions = {
  width: side,
  height: side,
  diceWeight: 0.7,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-4,
  gradientClip: 1,
};

export interface NamedNetwork {
  readonly name: string;
  readonly network: Network;
}

/** A net around one kind of layer, small enough for a difference quotient of every weight: `stem` gives four channels, `head` reads `last`. */
function netAround(
  layers: readonly Layer[],
  last: { readonly name: string; readonly channels: number },
  { classes, output }: { readonly classes: number; readonly output: NetworkOutput },
): Network {
  const stem: Layer = {
    kind: 'convolution',
    name: 'stem',
    input: imageInput,
    kernel: 3,
    inputChannels: 1,
    outputChannels: 4,
    bias: true,
    start: 'he',
  };
  const head: Layer = {
    kind: 'convolution',
    name: 'head',
    input: last.name,
    kernel: 1,
    inputChannels: last.channels,
    outputChannels: classes,
    bias: true,
    start: 'head',
  };
  return {
    format: 'membrana-network',
    version: 1,
    name: 'test',
    inputChannels: 1,
    classes,
    output,
    layers: [stem, ...layers, head],
  };
}

function convolutionLayer(kernel: 1 | 3, bias: boolean): Layer {
  const channels = { inputChannels: 4, outputChannels: 3 };
  return { kind: 'convolution', name: 'x', input: 'stem', kernel, ...channels, bias, start: 'he' };
}

/** Every kind of layer in a net of its own, and both U-Nets. */
export function layerNetworks(output: NetworkOutput): readonly NamedNetwork[] {
  const ends = { classes: output === 'softmax' ? 3 : 1, output };
  const around = (name: string, layers: readonly Layer[], channels = 4): NamedNetwork => ({
    name: `${output}, ${name}`,
    network: netAround(layers, { name: layers.at(-1)?.name ?? 'stem', channels }, ends),
  });
  const small: UNetOptions = {
    baseFilters: 2,
    levels: 1,
    inputChannels: 1,
    ...ends,
    normalisation: 'group',
  };
  return [
    around('convolution', [convolutionLayer(3, true)], 3),
    around('convolution without bias', [convolutionLayer(3, false)], 3),
    around('convolution 1 × 1', [convolutionLayer(1, true)], 3),
    {
      name: `${output}, two classes`,
      network: netAround([], { name: 'stem', channels: 4 }, { classes: 2, output }),
    },
    around('relu', [{ kind: 'relu', name: 'x', input: 'stem' }]),
    around('add', [
      { kind: 'relu', name: 'r', input: 'stem' },
      { kind: 'add', name: 'x', inputs: ['r', 'stem'] },
    ]),
    around('group-norm', [
      { kind: 'group-norm', name: 'x', input: 'stem', channels: 4, groups: 2 },
      { kind: 'relu', name: 'r', input: 'x' },
    ]),
    around('channel-rms', [
      { kind: 'channel-rms', name: 'x', input: 'stem', channels: 4 },
      { kind: 'relu', name: 'r', input: 'x' },
    ]),
    around('max-pool and upsample', [
      { kind: 'max-pool', name: 'p', input: 'stem' },
      { kind: 'upsample', name: 'x', input: 'p' },
    ]),
    around(
      'concatenate',
      [
        { kind: 'relu', name: 'r', input: 'stem' },
        { kind: 'concatenate', name: 'x', inputs: ['stem', 'r'] },
      ],
      8,
    ),
    { name: `${output}, residual U-Net`, network: unet(small) },
    { name: `${output}, plain U-Net`, network: plainUnet(small) },
  ];
}

/** Random crops with three pixels in ten of a class (or each of one, where classes exclude one another) and two in five undefined, for each class by itself where a pixel may be of several. */
export function randomBatch(
  network: Network,
  count: number,
  random: Random,
  size = side,
): MicroBatch {
  const { classes, output } = network;
  const pixels = size * size * count;
  const image = Float32Array.from({ length: pixels }, () => random.normal());
  const target = new Float32Array(pixels * classes);
  for (let i = 0; i < pixels; i++) {
    if (output === 'softmax') target[i * classes + random.integer(classes)] = 1;
    else for (let c = 0; c < classes; c++) target[i * classes + c] = random.uniform() < 0.3 ? 1 : 0;
  }
  const weight = Float32Array.from({ length: pixels * weightPlanes(network) }, () =>
    random.uniform() < 0.4 ? 0 : random.between(0.1, 1),
  );
  return { count, image, target, weight };
}

/** Weights without a zero: fresh ones with noise on top. */
export function busyWeights(network: Network, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return initialWeights(network, seed).map((value) => value + 0.2 * random.normal());
}
