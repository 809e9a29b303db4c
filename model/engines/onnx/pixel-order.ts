import type { GraphBuilder, Node } from './graph';
import { reshape, transpose } from './operations';

/** [batch, rows, columns, channels], as the engine is given images, → [batch, channels, rows, columns]. */
export function fromPixels(graph: GraphBuilder, node: Node): Node {
  const [batch = 1, height = 1, width = 1, channels = 1] = node.shape;
  return channels === 1
    ? reshape(graph, node, [batch, 1, height, width])
    : transpose(graph, node, [0, 3, 1, 2]);
}

/** The way back. */
export function toPixels(graph: GraphBuilder, node: Node): Node {
  const [batch = 1, channels = 1, height = 1, width = 1] = node.shape;
  return channels === 1
    ? reshape(graph, node, [batch, height, width, 1])
    : transpose(graph, node, [0, 2, 3, 1]);
}
