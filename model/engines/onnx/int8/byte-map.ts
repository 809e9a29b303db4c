import { FeatureMap, type Writing } from '../feature-map';
import { integer, type Node } from '../graph';
import { transpose } from '../operations';
import type { Encoding } from './encoding';

const channelAxis = 3;

/** Pixel by pixel [batch, rows, columns, channels], the order of the 8-bit kernels, from [batch, channels, rows, columns]. */
const toPixelOrder = [0, 2, 3, 1];
const fromPixelOrder = [0, 3, 1, 2];

/**
 * A map in bytes, in float or both; the other form is written into the graph
 * when somebody asks for it first.
 */
export class ByteMap {
  readonly encoding: Encoding;
  readonly #writing: Writing;
  #bytes: Node | null;
  #float: FeatureMap | null;

  private constructor(
    writing: Writing,
    encoding: Encoding,
    bytes: Node | null,
    float: FeatureMap | null,
  ) {
    this.#writing = writing;
    this.encoding = encoding;
    this.#bytes = bytes;
    this.#float = float;
  }

  static ofBytes(writing: Writing, bytes: Node, encoding: Encoding): ByteMap {
    return new ByteMap(writing, encoding, bytes, null);
  }

  static ofFloat(writing: Writing, float: FeatureMap, encoding: Encoding): ByteMap {
    return new ByteMap(writing, encoding, null, float);
  }

  /** [batch, rows, columns, channels] of uint8. */
  get bytes(): Node {
    if (this.#bytes !== null) return this.#bytes;
    if (this.#float === null) throw new Error('A map is neither in bytes nor in float.');
    const { graph } = this.#writing;
    const ordered = transpose(graph, this.#float.plain, toPixelOrder);
    this.#bytes = converted(this.#writing, 'QuantizeLinear', ordered, this.encoding);
    return this.#bytes;
  }

  get float(): FeatureMap {
    if (this.#float !== null) return this.#float;
    if (this.#bytes === null) throw new Error('A map is neither in bytes nor in float.');
    const { graph } = this.#writing;
    const values = converted(this.#writing, 'DequantizeLinear', this.#bytes, this.encoding);
    this.#float = FeatureMap.of(this.#writing, transpose(graph, values, fromPixelOrder), 'plain');
    return this.#float;
  }
}

/**
 * Between [batch, rows, columns, channels] of floats and of bytes. One scale
 * for all channels is a fast kernel; one a channel took 21 ms for 512² × 4.
 */
export function converted(
  { graph }: Writing,
  op: 'QuantizeLinear' | 'DequantizeLinear',
  node: Node,
  { scales, zeroPoint }: Encoding,
): Node {
  const [first = 1] = scales;
  const uniform = scales.every((scale) => scale === first);
  const shape = uniform ? [] : [scales.length];
  const used = uniform ? scales.subarray(0, 1) : scales;
  const inputs = [
    node,
    graph.constant(used, shape),
    graph.tensor('uint8', new Uint8Array(used.length).fill(zeroPoint), shape),
  ];
  const attributes = uniform ? {} : { axis: integer(channelAxis) };
  return graph.operation(op, inputs, attributes, node.shape);
}
