import type { Network } from '../../network/network';
import { parametersOf } from '../../network/parameters';
import type { GraphBuilder, Node } from './graph';

/**
 * Weights inside the graph: ONNX Runtime then picks its blocked kernels by
 * itself and prepares the weights once. Only those that are asked for get in.
 */
export function constantParameters(
  graph: GraphBuilder,
  network: Network,
  weights: Float32Array,
): (name: string) => Node {
  const parameters = new Map(parametersOf(network).map((each) => [each.name, each]));
  const nodes = new Map<string, Node>();
  return (name) => {
    const known = nodes.get(name);
    if (known !== undefined) return known;
    const parameter = parameters.get(name);
    if (parameter === undefined) throw new Error(`There is no parameter "${name}".`);
    const { offset, length, shape } = parameter;
    const node = graph.constant(weights.subarray(offset, offset + length), shape);
    nodes.set(name, node);
    return node;
  };
}
