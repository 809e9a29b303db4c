import type { GraphBuilder, Node } from '../graph';

/** Gives the node of a weight tensor of the layer being compiled (`weight`, `bias`, …), canonical shape. */
export type ParameterNode = (part: string) => Node;

export interface LayerGradients {
  /** One for each input of the layer, in its order; undefined where nobody asks for it. */
  readonly inputs: readonly (Node | undefined)[];
  /** By the part's name, canonical shape. */
  readonly parameters: Readonly<Record<string, Node>>;
}

/** Forward and backward pass of one kind of layer, written into a graph. All maps are NHWC. */
export interface LayerCompiler<L> {
  forward(graph: GraphBuilder, layer: L, inputs: readonly Node[], parameter: ParameterNode): Node;
  backward(
    graph: GraphBuilder,
    layer: L,
    pass: {
      readonly inputs: readonly Node[];
      readonly output: Node;
      readonly gradient: Node;
      readonly parameter: ParameterNode;
      /** Whether the gradient of the layer's input is needed (not for the image). */
      readonly needsInput: boolean;
    },
  ): LayerGradients;
}

/** The input at a place; its absence would be a fault of the network parser. */
export function inputAt(inputs: readonly Node[], index: number): Node {
  const node = inputs[index];
  if (node === undefined) throw new Error(`Layer input ${index} is missing.`);
  return node;
}
