import { ModelError } from '../errors';
import { Random } from '../training/random';
import type { Network } from './network';
import { parametersOf } from './parameters';

/** Share of a picture that a class is taken to cover before anything is learnt; the new biases start at its logit. */
const RARE = 0.1;

export interface GrownHead {
  readonly network: Network;
  /** Canonical order of the grown network. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/**
 * The same network with `extra` more probability maps behind those that it
 * has. The weights that are there stay bit for bit, so the maps of before
 * answer as before, up to the rounding of the engine; each new one reads the features that they read, through fresh
 * weights drawn from the seed. @throws ModelError model.corrupt where the last
 * layer is no convolution or its classes exclude one another
 */
export function growHead(
  network: Network,
  weights: Float32Array,
  extra: number,
  seed: number,
): GrownHead {
  const head = network.layers.at(-1);
  if (head?.kind !== 'convolution' || network.output !== 'sigmoid') {
    throw new ModelError(
      'model.corrupt',
      `The network "${network.name}" can't learn a further class: its classes exclude one another, or it ends with something else than a convolution.`,
      {
        hint: 'Start from a model that came with Membrana or was trained by it.',
        data: { network: network.name },
      },
    );
  }
  const classes = network.classes + extra;
  const grown: Network = {
    ...network,
    classes,
    layers: [...network.layers.slice(0, -1), { ...head, outputChannels: classes }],
  };
  const random = new Random(seed);
  const deviation = Math.sqrt(1 / (head.inputChannels * head.kernel ** 2));
  const places = new Map(parametersOf(network).map((parameter) => [parameter.name, parameter]));
  const parameters = parametersOf(grown);
  const last = parameters.at(-1);
  const all = new Float32Array(last === undefined ? 0 : last.offset + last.length);
  for (const { name, offset, length } of parameters) {
    const old = places.get(name);
    if (old === undefined) continue;
    all.set(weights.subarray(old.offset, old.offset + old.length), offset);
    for (let i = old.length; i < length; i++)
      all[offset + i] = name.endsWith('.bias')
        ? Math.log(RARE / (1 - RARE))
        : deviation * random.normal();
  }
  return { network: grown, weights: all };
}
