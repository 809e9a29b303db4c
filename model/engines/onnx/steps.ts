import {
  layerInputs,
  type ConvolutionLayer,
  type Layer,
  type Network,
} from '../../network/network';

/** A convolution, what is added to it and a ReLU, computed as one: `relu(conv(input) + addend)`. */
export interface ConvolutionStep {
  readonly kind: 'convolution-step';
  /** Name of the last layer in it. */
  readonly name: string;
  readonly convolution: ConvolutionLayer;
  /** The layer whose output is added before the ReLU. */
  readonly addend: string | null;
  readonly relu: boolean;
}

/** What the engine computes at a time. */
export type Step = ConvolutionStep | Exclude<Layer, ConvolutionLayer>;

/** The names that a step reads. */
export function stepInputs(step: Step): readonly string[] {
  if (step.kind !== 'convolution-step') return layerInputs(step);
  const { convolution, addend } = step;
  return addend === null ? [convolution.input] : [convolution.input, addend];
}

/**
 * The layers as steps, in order: a convolution takes in the addition and the
 * ReLU that follow it where nobody else reads what lies between, so that a
 * pixel is written once instead of three times.
 */
export function stepsOf(network: Network): readonly Step[] {
  const readers = new Map<string, Layer[]>();
  for (const layer of network.layers) {
    for (const input of new Set(layerInputs(layer)))
      readers.set(input, [...(readers.get(input) ?? []), layer]);
  }
  const onlyReader = (name: string): Layer | undefined => {
    const [first, second] = readers.get(name) ?? [];
    return second === undefined ? first : undefined;
  };
  const taken = new Set<string>();
  const steps = new Map<string, Step>();
  for (const layer of network.layers) {
    if (taken.has(layer.name)) continue;
    if (layer.kind !== 'convolution') {
      steps.set(layer.name, layer);
      continue;
    }
    let name = layer.name;
    let addend: string | null = null;
    let next = onlyReader(name);
    if (next?.kind === 'add' && !taken.has(next.name)) {
      const [a, b] = next.inputs;
      addend = a === name ? b : a;
      name = next.name;
      taken.add(name);
      next = onlyReader(name);
    }
    let relu = false;
    if (next?.kind === 'relu' && !taken.has(next.name)) {
      relu = true;
      name = next.name;
      taken.add(name);
    }
    steps.set(name, { kind: 'convolution-step', name, convolution: layer, addend, relu });
  }
  // A step stands where its last layer stood: by then everything that it reads has been computed.
  return network.layers.flatMap(({ name }) => steps.get(name) ?? []);
}
