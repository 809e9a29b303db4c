/**
 * A network is data: a list of layers in the order in which they run. Every
 * layer names the layers that it reads; the name `image` is the input. The
 * last layer gives the logits; `output` says how they become probabilities.
 */
export interface ConvolutionLayer {
  readonly kind: 'convolution';
  readonly name: string;
  readonly input: string;
  /** Window in pixels, odd, zero-padded so that the size stays. */
  readonly kernel: 1 | 3;
  readonly inputChannels: number;
  readonly outputChannels: number;
  /**
   * Whether a number a channel is added. False before a normalisation that
   * takes the mean away: there the gradient of a bias is rounding noise.
   * A description without the field has one.
   */
  readonly bias: boolean;
  /** How fresh weights are drawn; `zero` makes a residual branch start as the identity. */
  readonly start: 'he' | 'zero' | 'head';
}

export interface ReluLayer {
  readonly kind: 'relu';
  readonly name: string;
  readonly input: string;
}

export interface AddLayer {
  readonly kind: 'add';
  readonly name: string;
  readonly inputs: readonly [string, string];
}

/** Mean and deviation over the pixels and the channels of a group, per sample; then scale and shift per channel. */
export interface GroupNormLayer {
  readonly kind: 'group-norm';
  readonly name: string;
  readonly input: string;
  readonly channels: number;
  readonly groups: number;
}

/** Divides by the root mean square over the channels of one pixel, then scales per channel: the same for any tile. */
export interface ChannelRmsLayer {
  readonly kind: 'channel-rms';
  readonly name: string;
  readonly input: string;
  readonly channels: number;
}

/** The largest of 2 × 2 pixels. */
export interface MaxPoolLayer {
  readonly kind: 'max-pool';
  readonly name: string;
  readonly input: string;
}

/** Every pixel becomes 2 × 2 equal ones. */
export interface UpsampleLayer {
  readonly kind: 'upsample';
  readonly name: string;
  readonly input: string;
}

export interface ConcatenateLayer {
  readonly kind: 'concatenate';
  readonly name: string;
  readonly inputs: readonly [string, string];
}

export type Layer =
  | ConvolutionLayer
  | ReluLayer
  | AddLayer
  | GroupNormLayer
  | ChannelRmsLayer
  | MaxPoolLayer
  | UpsampleLayer
  | ConcatenateLayer;

/**
 * How logits become probabilities. `sigmoid`: every class for itself, so a
 * pixel may be of several or of none. `softmax`: a pixel is of exactly one of
 * at least two classes, and its probabilities add up to 1.
 */
export type NetworkOutput = 'sigmoid' | 'softmax';

export interface Network {
  readonly format: 'membrana-network';
  readonly version: 1;
  readonly name: string;
  readonly inputChannels: number;
  /** Number of probability maps. */
  readonly classes: number;
  /** A description without the field means `sigmoid`. */
  readonly output: NetworkOutput;
  readonly layers: readonly Layer[];
}

export const imageInput = 'image';

/**
 * How many weights a pixel has in training: one a class where every class is
 * for itself (somebody may have said what it is and nothing about another
 * class), one for all where they exclude one another.
 */
export function weightPlanes({ classes, output }: Pick<Network, 'classes' | 'output'>): number {
  switch (output) {
    case 'sigmoid':
      return classes;
    case 'softmax':
      return 1;
  }
}

/** The names that a layer reads. */
export function layerInputs(layer: Layer): readonly string[] {
  switch (layer.kind) {
    case 'add':
    case 'concatenate':
      return layer.inputs;
    default:
      return [layer.input];
  }
}
