import { imageInput, layerInputs, type Network } from './network';

/** How a layer's pixels lie on the image: pixels of the image per step, and how far a value looks to either side. */
interface Footprint {
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

function footprints(network: Network): ReadonlyMap<string, Footprint> {
  const found = new Map<string, Footprint>([[imageInput, { stride: 1, before: 0, after: 0 }]]);
  for (const layer of network.layers) {
    const sources = layerInputs(layer).map(
      (name) => found.get(name) ?? { stride: 1, before: 0, after: 0 },
    );
    const stride = Math.max(...sources.map((source) => source.stride));
    const before = Math.max(...sources.map((source) => source.before));
    const after = Math.max(...sources.map((source) => source.after));
    switch (layer.kind) {
      case 'convolution': {
        const reach = ((layer.kernel - 1) / 2) * stride;
        found.set(layer.name, { stride, before: before + reach, after: after + reach });
        break;
      }
      case 'max-pool':
        found.set(layer.name, { stride: stride * 2, before, after: after + stride });
        break;
      case 'upsample':
        found.set(layer.name, { stride: stride / 2, before: before + stride / 2, after });
        break;
      default:
        found.set(layer.name, { stride, before, after });
    }
  }
  return found;
}

/**
 * Pixels that an output pixel can look away from itself, to the farther side.
 * A pixel at least this far inside a tile doesn't depend on what lies outside
 * it (group normalisation apart, whose mean sees the whole tile).
 */
export function haloOf(network: Network): number {
  const last = network.layers.at(-1);
  const footprint = last === undefined ? undefined : footprints(network).get(last.name);
  return footprint === undefined ? 0 : Math.max(footprint.before, footprint.after);
}

/** Width and height must be multiples of this, so that every halving is even. */
export function alignmentOf(network: Network): number {
  return Math.max(1, ...[...footprints(network).values()].map(({ stride }) => stride));
}

/** Multiply-adds of the convolutions for one image of the size, the usual measure of a network's cost. */
export function multiplyAddsOf(network: Network, width: number, height: number): number {
  const all = footprints(network);
  let sum = 0;
  for (const layer of network.layers) {
    if (layer.kind !== 'convolution') continue;
    const stride = all.get(layer.name)?.stride ?? 1;
    sum +=
      layer.kernel ** 2 *
      layer.inputChannels *
      layer.outputChannels *
      (width / stride) *
      (height / stride);
  }
  return sum;
}
