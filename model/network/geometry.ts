import { imageInput, layerInputs, type Layer, type Network } from './network';

/** Pixels of the image for each step on the map of a layer (1 at full size, 2 after a halving, …), by layer. */
function strides(network: Network): ReadonlyMap<string, number> {
  const found = new Map<string, number>([[imageInput, 1]]);
  for (const layer of network.layers) {
    const stride = Math.max(...layerInputs(layer).map((name) => found.get(name) ?? 1));
    switch (layer.kind) {
      case 'max-pool':
        found.set(layer.name, stride * 2);
        break;
      case 'upsample':
        found.set(layer.name, stride / 2);
        break;
      default:
        found.set(layer.name, stride);
    }
  }
  return found;
}

/** First and last pixel along one axis, both included. */
interface Span {
  readonly first: number;
  readonly last: number;
}

/** The pixels of its inputs that a layer reads for a span of its own. */
function spanRead(layer: Layer, { first, last }: Span): Span {
  switch (layer.kind) {
    case 'convolution': {
      const reach = (layer.kernel - 1) / 2;
      return { first: first - reach, last: last + reach };
    }
    case 'max-pool':
      return { first: 2 * first, last: 2 * last + 1 };
    case 'upsample':
      return { first: Math.floor(first / 2), last: Math.floor(last / 2) };
    case 'relu':
    case 'add':
    case 'concatenate':
    case 'channel-rms':
    case 'group-norm':
      return { first, last };
  }
}

/** The pixels of the image, along one axis, that one pixel of the output is computed from. */
function imageSpan(network: Network, position: number): Span {
  const needed = new Map<string, Span>();
  const last = network.layers.at(-1)?.name ?? imageInput;
  needed.set(last, { first: position, last: position });
  for (const layer of network.layers.toReversed()) {
    const own = needed.get(layer.name);
    if (own === undefined) continue;
    const read = spanRead(layer, own);
    for (const name of layerInputs(layer)) {
      const other = needed.get(name) ?? read;
      needed.set(name, {
        first: Math.min(read.first, other.first),
        last: Math.max(read.last, other.last),
      });
    }
  }
  return needed.get(imageInput) ?? { first: position, last: position };
}

/** What an output pixel sees, in pixels along one axis. */
export interface ReceptiveField {
  /** Farthest that any output pixel looks to the left (or up) of itself, and to the right (or down). */
  readonly before: number;
  readonly after: number;
  /** Width of the widest field of a single pixel; where a pixel lies in its 2 × 2 blocks decides how wide its own is. */
  readonly size: number;
}

/**
 * The receptive field, followed back from an output pixel at each place that it
 * can have in the coarsest map's blocks. Group normalisation apart, whose mean
 * sees the whole tile.
 */
export function receptiveFieldOf(network: Network): ReceptiveField {
  let before = 0;
  let after = 0;
  let size = 0;
  for (let position = 0; position < alignmentOf(network); position++) {
    const { first, last } = imageSpan(network, position);
    before = Math.max(before, position - first);
    after = Math.max(after, last - position);
    size = Math.max(size, last - first + 1);
  }
  return { before, after, size };
}

/**
 * Pixels that an output pixel can look away from itself, to the farther side.
 * A pixel at least this far inside a tile doesn't depend on what lies outside
 * it (group normalisation apart, whose mean sees the whole tile).
 */
export function haloOf(network: Network): number {
  const { before, after } = receptiveFieldOf(network);
  return Math.max(before, after);
}

/** Width and height must be multiples of this, so that every halving is even. */
export function alignmentOf(network: Network): number {
  return Math.max(1, ...strides(network).values());
}

/** Multiply-adds of the convolutions for one image of the size, the usual measure of a network's cost. */
export function multiplyAddsOf(network: Network, width: number, height: number): number {
  const all = strides(network);
  let sum = 0;
  for (const layer of network.layers) {
    if (layer.kind !== 'convolution') continue;
    const stride = all.get(layer.name) ?? 1;
    sum +=
      layer.kernel ** 2 *
      layer.inputChannels *
      layer.outputChannels *
      (width / stride) *
      (height / stride);
  }
  return sum;
}
