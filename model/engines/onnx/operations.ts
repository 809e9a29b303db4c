import { float, integer, integers, text, type GraphBuilder, type Node } from './graph';

/** The element-wise and shape operations that layers and the loss are written with. Shapes follow NumPy's broadcasting. */

function broadcast(a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) =>
    Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1),
  );
}

export function binary(
  graph: GraphBuilder,
  op: 'Add' | 'Sub' | 'Mul' | 'Div',
  a: Node,
  b: Node,
): Node {
  return graph.operation(op, [a, b], {}, broadcast(a.shape, b.shape));
}

export const add = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Add', a, b);
export const subtract = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Sub', a, b);
export const multiply = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Mul', a, b);
export const divide = (graph: GraphBuilder, a: Node, b: Node): Node => binary(graph, 'Div', a, b);

type Unary = 'Sigmoid' | 'Softplus' | 'Sqrt' | 'Neg' | 'Relu' | 'Exp' | 'Log';

export function unary(graph: GraphBuilder, op: Unary, a: Node): Node {
  return graph.operation(op, [a], {}, a.shape);
}

/**
 * Over the channels of a map. The WebGPU provider has no LogSoftmax: there it
 * is x − max − ln Σ exp(x − max), so that the map stays on the graphics card.
 */
export function softmax(graph: GraphBuilder, op: 'Softmax' | 'LogSoftmax', a: Node): Node {
  if (op === 'LogSoftmax' && graph.provider === 'webgpu') {
    const below = subtract(graph, a, reduce(graph, 'Max', a, [1]));
    const sum = reduce(graph, 'Sum', unary(graph, 'Exp', below), [1]);
    return subtract(graph, below, unary(graph, 'Log', sum));
  }
  return graph.operation(op, [a], { axis: integer(1) }, a.shape);
}

/** Sum, mean or maximum over some axes, which stay with size 1 unless `drop` is set. */
export function reduce(
  graph: GraphBuilder,
  op: 'Sum' | 'Mean' | 'Max',
  a: Node,
  axes: readonly number[],
  drop = false,
): Node {
  const kept = a.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const shape = drop ? a.shape.filter((_, axis) => !axes.includes(axis)) : kept;
  // Operator set 17: the axes of a sum are an input, those of the others still an attribute.
  return op === 'Sum'
    ? graph.operation(
        'ReduceSum',
        [a, graph.integers(axes)],
        { keepdims: integer(drop ? 0 : 1) },
        shape,
      )
    : graph.operation(
        `Reduce${op}`,
        [a],
        { axes: integers(axes), keepdims: integer(drop ? 0 : 1) },
        shape,
      );
}

export function reshape(graph: GraphBuilder, a: Node, shape: readonly number[]): Node {
  if (shape.length === a.shape.length && shape.every((size, i) => size === a.shape[i])) return a;
  return graph.operation('Reshape', [a, graph.integers(shape)], {}, shape);
}

export function transpose(graph: GraphBuilder, a: Node, order: readonly number[]): Node {
  return graph.operation(
    'Transpose',
    [a],
    { perm: integers(order) },
    order.map((axis) => a.shape[axis] ?? 1),
  );
}

/** `size` elements from `begin` along one axis. */
export function slice(
  graph: GraphBuilder,
  a: Node,
  axis: number,
  begin: number,
  size: number,
): Node {
  return graph.operation(
    'Slice',
    [a, graph.integers([begin]), graph.integers([begin + size]), graph.integers([axis])],
    {},
    a.shape.map((length, i) => (i === axis ? size : length)),
  );
}

/** Reverses the order along some axes. */
export function reverse(graph: GraphBuilder, a: Node, axes: readonly number[]): Node {
  const minus = graph.integers(axes.map(() => -1));
  const end = graph.integers(axes.map((axis) => -(a.shape[axis] ?? 1) - 1));
  return graph.operation('Slice', [a, minus, end, graph.integers(axes), minus], {}, a.shape);
}

export function concatenate(graph: GraphBuilder, parts: readonly Node[], axis: number): Node {
  const [first] = parts;
  if (first === undefined) throw new Error('Nothing to join.');
  if (parts.length === 1) return first;
  return graph.operation(
    'Concat',
    parts,
    { axis: integer(axis) },
    first.shape.map((size, i) =>
      i === axis ? parts.reduce((sum, part) => sum + (part.shape[i] ?? 0), 0) : size,
    ),
  );
}

/** The sum of several nodes of equal shape. */
export function sumOf(graph: GraphBuilder, parts: readonly Node[]): Node {
  const [first, second] = parts;
  if (first === undefined) throw new Error('Nothing to add up.');
  if (second === undefined) return first;
  if (parts.length === 2) return add(graph, first, second);
  return graph.operation('Sum', parts, {}, first.shape);
}

/** Zeros before and after along one axis; a negative number takes away instead. */
export function padded(
  graph: GraphBuilder,
  a: Node,
  axis: number,
  before: number,
  after: number,
): Node {
  if (before === 0 && after === 0) return a;
  const at = (value: number): readonly number[] => a.shape.map((_, i) => (i === axis ? value : 0));
  const shape = a.shape.map((size, i) => (i === axis ? size + before + after : size));
  return graph.operation('Pad', [a, graph.integers([...at(before), ...at(after)])], {}, shape);
}

/** Moves the content along one axis by one place and fills up with zeros: `by` +1 shows at i what was at i − 1. */
export function shift(graph: GraphBuilder, a: Node, axis: number, by: -1 | 1): Node {
  return padded(graph, a, axis, by, -by);
}

/**
 * a · bᵀ (or a · b) over the last two axes; the axes before them broadcast. The
 * WebGPU provider lacks the product with a transposed side: there the side is
 * turned first, which is cheaper than a trip to the CPU and back.
 */
export function matrixProduct(
  graph: GraphBuilder,
  a: Node,
  b: Node,
  transposed: { readonly a?: boolean; readonly b?: boolean } = {},
): Node {
  if (graph.provider === 'webgpu') {
    const left = transposed.a === true ? turned(graph, a) : a;
    const right = transposed.b === true ? turned(graph, b) : b;
    const outer = broadcast(left.shape.slice(0, -2), right.shape.slice(0, -2));
    const shape = [...outer, left.shape.at(-2) ?? 1, right.shape.at(-1) ?? 1];
    return graph.operation('MatMul', [left, right], {}, shape);
  }
  const rows = a.shape.at(transposed.a === true ? -1 : -2) ?? 1;
  const columns = b.shape.at(transposed.b === true ? -2 : -1) ?? 1;
  const shape = [...broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  if (transposed.a !== true && transposed.b !== true)
    return graph.operation('MatMul', [a, b], {}, shape);
  return graph.operation(
    'FusedMatMul',
    [a, b],
    {
      transA: integer(transposed.a === true ? 1 : 0),
      transB: integer(transposed.b === true ? 1 : 0),
      alpha: float(1),
    },
    shape,
    'com.microsoft',
  );
}

/** The last two axes swapped. */
function turned(graph: GraphBuilder, a: Node): Node {
  const axes = a.shape.map((_, i) => i);
  const [row = 0, column = 1] = axes.slice(-2);
  return transpose(graph, a, [...axes.slice(0, -2), column, row]);
}

/** Every pixel becomes 2 × 2 equal ones. */
export function doubled(graph: GraphBuilder, a: Node): Node {
  const [batch = 1, channels = 1, height = 1, width = 1] = a.shape;
  const scales = graph.constant(Float32Array.of(1, 1, 2, 2), [4]);
  return graph.operation(
    'Resize',
    [a, undefined, scales],
    {
      mode: text('nearest'),
      coordinate_transformation_mode: text('asymmetric'),
      nearest_mode: text('floor'),
    },
    [batch, channels, height * 2, width * 2],
  );
}

/**
 * 1 where a > 0, 0 elsewhere, for a ≥ 0: a line so steep that it is a step, cut
 * off at 1. One pass over memory; a comparison and its conversion are two.
 */
export function positive(graph: GraphBuilder, a: Node): Node {
  return graph.operation('HardSigmoid', [a], { alpha: float(1e38), beta: float(0) }, a.shape);
}

/** 1 where a = b, 0 elsewhere, as floats. */
export function equal(graph: GraphBuilder, a: Node, b: Node): Node {
  const same = graph.operation('Equal', [a, b], {}, broadcast(a.shape, b.shape));
  return graph.operation('Cast', [same], { to: integer(1) }, same.shape);
}
