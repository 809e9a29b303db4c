import type { Maps } from '../maps';

/** The values of a weight tensor of the layer (`weight`, `bias`, …) in canonical order. */
export type Parameter = (part: string) => Float64Array;

/** Gradients of one sample's loss by what a layer reads. */
export interface LayerGradients {
  /** One for each input, in the layer's order. */
  readonly inputs: readonly Maps[];
  /** By the part's name, canonical order. */
  readonly parameters: Readonly<Record<string, Float64Array>>;
}

/** One kind of layer in double precision, one sample at a time, written as plainly as its formula. */
export interface LayerReference<L> {
  forward(layer: L, inputs: readonly Maps[], parameter: Parameter): Maps;
  /** `gradient` is by the layer's output and has its size. */
  backward(layer: L, inputs: readonly Maps[], gradient: Maps, parameter: Parameter): LayerGradients;
}

/** The input at a place; its absence would be a fault of the network parser. */
export function inputAt(inputs: readonly Maps[], index: number): Maps {
  const maps = inputs[index];
  if (maps === undefined) throw new Error(`Layer input ${index} is missing.`);
  return maps;
}
