import {
  imageInput,
  type ConvolutionLayer,
  type Layer,
  type Network,
  type NetworkOutput,
} from './network';

export type Normalisation = 'none' | 'group' | 'channel-rms';

export interface UNetOptions {
  /** Channels of the first level; every level below has twice as many. */
  readonly baseFilters: number;
  /** How often the image is halved. */
  readonly levels: number;
  readonly inputChannels: number;
  readonly classes: number;
  readonly normalisation: Normalisation;
  /** `sigmoid` where left out; `softmax` takes at least two classes. */
  readonly output?: NetworkOutput;
}

/** Eight groups where the channels divide by eight, else the most that divide both. */
function groupsFor(channels: number): number {
  let groups = 8;
  while (channels % groups !== 0) groups /= 2;
  return groups;
}

/**
 * A residual U-Net: on each level a convolution with ReLU and then a residual
 * convolution, h ↦ relu(h + conv(h)), whose branch starts at zero, so that an
 * untrained net of any depth passes its signal on unchanged. Ronneberger et
 * al. 2015 for the shape, He et al. 2016 for the residual block; `zero` start
 * after Goyal et al. 2017. The first convolution of a block has no bias before
 * group normalisation, which takes it away and adds a shift of its own; before
 * channel RMS, which takes no mean away, it has one.
 */
export function unet(options: UNetOptions): Network {
  const { baseFilters, levels, inputChannels, classes, normalisation } = options;
  const { output = 'sigmoid' } = options;
  const layers: Layer[] = [];
  const width = (level: number): number => baseFilters * 2 ** level;

  const normalise = (name: string, input: string, channels: number): string => {
    switch (normalisation) {
      case 'none':
        return input;
      case 'group':
        layers.push({ kind: 'group-norm', name, input, channels, groups: groupsFor(channels) });
        return name;
      case 'channel-rms':
        layers.push({ kind: 'channel-rms', name, input, channels });
        return name;
    }
  };

  const block = (name: string, input: string, from: number, to: number): string => {
    const convolution = (
      part: string,
      source: string,
      channels: number,
      { start, bias }: Pick<ConvolutionLayer, 'start' | 'bias'>,
    ): string => {
      const id = `${name}.${part}`;
      layers.push({
        kind: 'convolution',
        name: id,
        input: source,
        kernel: 3,
        inputChannels: channels,
        outputChannels: to,
        bias,
        start,
      });
      return id;
    };
    const first = normalise(
      `${name}.norm`,
      convolution('conv1', input, from, { start: 'he', bias: normalisation !== 'group' }),
      to,
    );
    layers.push({ kind: 'relu', name: `${name}.relu1`, input: first });
    const second = convolution('conv2', `${name}.relu1`, to, { start: 'zero', bias: true });
    layers.push({ kind: 'add', name: `${name}.add`, inputs: [second, `${name}.relu1`] });
    layers.push({ kind: 'relu', name: `${name}.relu2`, input: `${name}.add` });
    return `${name}.relu2`;
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
    layers.push({ kind: 'upsample', name: `${name}.upsample`, input: current });
    const skip = skips[level] ?? imageInput;
    layers.push({
      kind: 'concatenate',
      name: `${name}.concat`,
      inputs: [`${name}.upsample`, skip],
    });
    current = block(name, `${name}.concat`, width(level + 1) + width(level), width(level));
  }
  layers.push({
    kind: 'convolution',
    name: 'head',
    input: current,
    kernel: 1,
    inputChannels: baseFilters,
    outputChannels: classes,
    bias: true,
    start: 'head',
  });
  return {
    format: 'membrana-network',
    version: 1,
    name: `unet-base${baseFilters}-levels${levels}-${normalisation}`,
    inputChannels,
    classes,
    output,
    layers,
  };
}
