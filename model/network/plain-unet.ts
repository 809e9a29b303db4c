import { imageInput, type ConvolutionLayer, type Layer, type Network } from './network';
import type { UNetOptions } from './unet';

/**
 * The U-Net of the original paper (Ronneberger et al. 2015): on each level two
 * 3 × 3 convolutions with ReLU, a 2 × 2 maximum on the way down, and on the way
 * up an up-convolution to half the channels, joined to the map of the same
 * level. All weights are drawn as He et al. 2015 say, as in the paper. Two
 * things differ:
 * - maps keep their size (zero padding instead of `valid`), so that every
 *   pixel of a tile gets an answer;
 * - the up-convolution is nearest-neighbour doubling of a 1 × 1 convolution,
 *   not a 2 × 2 transposed one. Both give each fine pixel one matrix times one
 *   coarse pixel; here it is the same matrix for the four of a block, which
 *   leaves no chequerboard (Odena et al. 2016), and since a 1 × 1 convolution
 *   and the doubling can change places, it runs on the coarse map at a quarter
 *   of the cost. The 3 × 3 convolutions that follow do the smoothing.
 */
export function plainUnet(options: Omit<UNetOptions, 'normalisation'>): Network {
  const { baseFilters, levels, inputChannels, classes, output = 'sigmoid' } = options;
  const layers: Layer[] = [];
  const width = (level: number): number => baseFilters * 2 ** level;

  const convolution = (
    name: string,
    input: string,
    given: Pick<ConvolutionLayer, 'kernel' | 'inputChannels' | 'outputChannels' | 'start'>,
  ): string => {
    layers.push({ kind: 'convolution', name, input, bias: true, ...given });
    return name;
  };
  const block = (name: string, input: string, from: number, to: number): string => {
    let current = input;
    for (const [index, inputs] of [from, to].entries()) {
      const number = String(index + 1);
      const linear = convolution(`${name}.conv${number}`, current, {
        kernel: 3,
        inputChannels: inputs,
        outputChannels: to,
        start: 'he',
      });
      current = `${name}.relu${number}`;
      layers.push({ kind: 'relu', name: current, input: linear });
    }
    return current;
  };

  let current: string = imageInput;
  let channels = inputChannels;
  const skips: string[] = [];
  for (let level = 0; level < levels; level++) {
    current = block(`down${level}`, current, channels, width(level));
    channels = width(level);
    skips.push(current);
    layers.push({ kind: 'max-pool', name: `down${level}.pool`, input: current });
    current = `down${level}.pool`;
  }
  current = block('bottom', current, channels, width(levels));
  for (let level = levels - 1; level >= 0; level--) {
    const name = `up${level}`;
    const halved = convolution(`${name}.conv0`, current, {
      kernel: 1,
      inputChannels: width(level + 1),
      outputChannels: width(level),
      start: 'he',
    });
    layers.push({ kind: 'upsample', name: `${name}.upsample`, input: halved });
    layers.push({
      kind: 'concatenate',
      name: `${name}.concat`,
      inputs: [`${name}.upsample`, skips[level] ?? imageInput],
    });
    current = block(name, `${name}.concat`, 2 * width(level), width(level));
  }
  convolution('head', current, {
    kernel: 1,
    inputChannels: baseFilters,
    outputChannels: classes,
    start: 'head',
  });
  return {
    format: 'membrana-network',
    version: 1,
    name: `plain-unet-base${baseFilters}-levels${levels}`,
    inputChannels,
    classes,
    output,
    layers,
  };
}
