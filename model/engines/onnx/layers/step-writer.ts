import type { BackwardPass, ParameterNode, StepGradients } from '../../differentiate';
import type { FeatureMap, Writing } from '../feature-map';
import type { Node } from '../graph';

/** Maps flow between steps; weights and their gradients are plain nodes. */
export type Pass = BackwardPass<FeatureMap, Node>;
export type Gradients = StepGradients<FeatureMap, Node>;

/** Forward and backward pass of one kind of step, written into a graph: a new kind of layer is one of these. */
export interface StepWriter<S> {
  forward(
    writing: Writing,
    step: S,
    inputs: readonly FeatureMap[],
    parameter: ParameterNode<Node>,
  ): FeatureMap;
  backward(writing: Writing, step: S, pass: Pass): Gradients;
}

/** The input at a place; its absence would be a fault of the network parser. */
export function inputAt(inputs: readonly FeatureMap[], index: number): FeatureMap {
  const map = inputs[index];
  if (map === undefined) throw new Error(`Input ${index} of a step is missing.`);
  return map;
}

export const noParameters: ReadonlyMap<string, Node> = new Map();
