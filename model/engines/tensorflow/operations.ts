import { floatType, indexType, type GraphBuilder, type Node } from './graph';

/** The element-wise and shape operations that layers and the loss are written with. Shapes follow NumPy's broadcasting. */

function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) =>
    Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1),
  );
}

type Binary = 'AddV2' | 'Sub' | 'Mul' | 'RealDiv';
type Unary =
  'Sigmoid' | 'Softmax' | 'LogSoftmax' | 'Softplus' | 'Square' | 'Rsqrt' | 'Neg' | 'Relu';

export function binary(graph: GraphBuilder, op: Binary, a: Node, b: Node): Node {
  return graph.operation(op, [a, b], { T: floatType }, broadcast(a.shape, b.shape));
}

export const add = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'AddV2', a, b);
export const subtract = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Sub', a, b);
export const multiply = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Mul', a, b);
export const divide = (graph: GraphBuilder, a: Node, b: Node): Node =>
  binary(graph, 'RealDiv', a, b);

/** Value by value; the softmaxes along the last axis. */
export function unary(graph: GraphBuilder, op: Unary, a: Node): Node {
  return graph.operation(op, [a], { T: floatType }, a.shape);
}

/** Sum or mean over some axes, which stay with size 1. */
export function reduce(
  graph: GraphBuilder,
  op: 'Sum' | 'Mean',
  a: Node,
  axes: readonly number[],
): Node {
  return graph.operation(
    op,
    [a, graph.integers(axes)],
    { T: floatType, Tidx: indexType, keep_dims: { kind: 'boolean', value: true } },
    a.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
  );
}

export function reshape(graph: GraphBuilder, a: Node, shape: readonly number[]): Node {
  return graph.operation(
    'Reshape',
    [a, graph.integers(shape)],
    { T: floatType, Tshape: indexType },
    shape,
  );
}

export function transpose(graph: GraphBuilder, a: Node, order: readonly number[]): Node {
  return graph.operation(
    'Transpose',
    [a, graph.integers(order)],
    { T: floatType, Tperm: indexType },
    order.map((axis) => a.shape[axis] ?? 1),
  );
}

export function slice(
  graph: GraphBuilder,
  a: Node,
  begin: readonly number[],
  size: readonly number[],
): Node {
  return graph.operation(
    'Slice',
    [a, graph.integers(begin), graph.integers(size)],
    { T: floatType, Index: indexType },
    size,
  );
}

export function concatenate(graph: GraphBuilder, parts: readonly Node[], axis: number): Node {
  const [first] = parts;
  const shape = (first?.shape ?? []).map((size, i) =>
    i === axis ? parts.reduce((sum, part) => sum + (part.shape[i] ?? 0), 0) : size,
  );
  const axisNode = graph.operation(
    'Const',
    [],
    { dtype: indexType, value: { kind: 'tensor', shape: [], value: Int32Array.of(axis) } },
    [],
  );
  return graph.operation(
    'ConcatV2',
    [...parts, axisNode],
    { T: floatType, N: { kind: 'integer', value: parts.length }, Tidx: indexType },
    shape,
  );
}

/** The sum of several nodes of equal shape. */
export function sumOf(graph: GraphBuilder, parts: readonly Node[]): Node {
  const [first, second] = parts;
  if (first === undefined) throw new Error('Nothing to add up.');
  if (second === undefined) return first;
  if (parts.length === 2) return add(graph, first, second);
  return graph.operation(
    'AddN',
    parts,
    { T: floatType, N: { kind: 'integer', value: parts.length } },
    first.shape,
  );
}

/** [rows, n] · [n, columns]. */
export function matrixProduct(graph: GraphBuilder, a: Node, b: Node): Node {
  return graph.operation(
    'MatMul',
    [a, b],
    {
      T: floatType,
      transpose_a: { kind: 'boolean', value: false },
      transpose_b: { kind: 'boolean', value: false },
    },
    [a.shape[0] ?? 1, b.shape[1] ?? 1],
  );
}
