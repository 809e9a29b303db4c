import type { Layer, Network } from './network';

/** One weight tensor of a network in the canonical layout. */
export interface Parameter {
  readonly name: string;
  readonly layer: string;
  /** Convolution weights are [out, in, rows, columns]; the others are vectors. */
  readonly shape: readonly number[];
  /** Place of its first number in the flat array. */
  readonly offset: number;
  readonly length: number;
  /** Weight decay acts on convolution weights alone. */
  readonly decays: boolean;
}

function shapesOf(
  layer: Layer,
): readonly { part: string; shape: readonly number[]; decays: boolean }[] {
  switch (layer.kind) {
    case 'convolution':
      return [
        {
          part: 'weight',
          shape: [layer.outputChannels, layer.inputChannels, layer.kernel, layer.kernel],
          decays: true,
        },
        ...(layer.bias ? [{ part: 'bias', shape: [layer.outputChannels], decays: false }] : []),
      ];
    case 'group-norm':
      return [
        { part: 'scale', shape: [layer.channels], decays: false },
        { part: 'shift', shape: [layer.channels], decays: false },
      ];
    case 'channel-rms':
      return [{ part: 'scale', shape: [layer.channels], decays: false }];
    case 'relu':
    case 'add':
    case 'max-pool':
    case 'upsample':
    case 'concatenate':
      return [];
  }
}

/** All weight tensors in layer order: the order of the flat array and of the weight file. */
export function parametersOf(network: Network): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let offset = 0;
  for (const layer of network.layers) {
    for (const { part, shape, decays } of shapesOf(layer)) {
      const length = shape.reduce((product, size) => product * size, 1);
      parameters.push({
        name: `${layer.name}.${part}`,
        layer: layer.name,
        shape,
        offset,
        length,
        decays,
      });
      offset += length;
    }
  }
  return parameters;
}

export function parameterCount(network: Network): number {
  return parametersOf(network).reduce((sum, { length }) => sum + length, 0);
}
