import type { ConvolutionLayer } from '../../../network/network';
import { channelOf, type Maps } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

/** One weight with the two maps that it joins and how far it looks: [out, in, rows, columns] in canonical order. */
interface Tap {
  readonly index: number;
  readonly output: number;
  readonly input: number;
  readonly dy: number;
  readonly dx: number;
}

function* taps({ kernel, inputChannels, outputChannels }: ConvolutionLayer): Generator<Tap> {
  const reach = (kernel - 1) / 2;
  let index = 0;
  for (let output = 0; output < outputChannels; output++) {
    for (let input = 0; input < inputChannels; input++) {
      for (let dy = -reach; dy <= reach; dy++)
        for (let dx = -reach; dx <= reach; dx++) yield { index: index++, output, input, dy, dx };
    }
  }
}

/** Calls back with the places in a map of output pixels and of the input pixels that a tap reads for them, inside the picture. */
function forEachPair(
  { height, width }: Maps,
  { dy, dx }: Tap,
  pair: (output: number, input: number) => void,
): void {
  for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y++) {
    for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x++)
      pair(y * width + x, (y + dy) * width + x + dx);
  }
}

/**
 * y[o, p] = b[o] + Σ w[o, i, d] · x[i, p + d], zero outside the picture. With g
 * the gradient by y: db[o] = Σ_p g[o, p]; dw[o, i, d] = Σ_p g[o, p] · x[i, p + d];
 * dx[i, p + d] += w[o, i, d] · g[o, p].
 */
export const convolution: LayerReference<ConvolutionLayer> = {
  forward(layer, inputs, parameter) {
    const input = inputAt(inputs, 0);
    const { height, width } = input;
    const channels = layer.outputChannels;
    const output: Maps = {
      channels,
      height,
      width,
      data: new Float64Array(channels * height * width),
    };
    if (layer.bias) {
      const bias = parameter('bias');
      for (let o = 0; o < channels; o++) channelOf(output, o).fill(bias[o] ?? 0);
    }
    const weight = parameter('weight');
    for (const tap of taps(layer)) {
      const w = weight[tap.index] ?? 0;
      const source = channelOf(input, tap.input);
      const target = channelOf(output, tap.output);
      forEachPair(input, tap, (p, q) => {
        target[p] = (target[p] ?? 0) + w * (source[q] ?? 0);
      });
    }
    return output;
  },
  backward(layer, inputs, gradient, parameter) {
    const input = inputAt(inputs, 0);
    const weight = parameter('weight');
    const inputGradient: Maps = { ...input, data: new Float64Array(input.data.length) };
    const weightGradient = new Float64Array(weight.length);
    for (const tap of taps(layer)) {
      const w = weight[tap.index] ?? 0;
      const source = channelOf(input, tap.input);
      const from = channelOf(gradient, tap.output);
      const to = channelOf(inputGradient, tap.input);
      let sum = 0;
      forEachPair(input, tap, (p, q) => {
        const g = from[p] ?? 0;
        sum += g * (source[q] ?? 0);
        to[q] = (to[q] ?? 0) + w * g;
      });
      weightGradient[tap.index] = sum;
    }
    if (!layer.bias) return { inputs: [inputGradient], parameters: { weight: weightGradient } };
    const bias = Float64Array.from({ length: layer.outputChannels }, (_, o) =>
      channelOf(gradient, o).reduce((sum, g) => sum + g, 0),
    );
    return { inputs: [inputGradient], parameters: { weight: weightGradient, bias } };
  },
};
