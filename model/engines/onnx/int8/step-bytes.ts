import type { ConvolutionLayer } from '../../../network/network';
import { integer, integers, type GraphBuilder, type Node } from '../graph';
import { concatenate, reshape } from '../operations';
import type { QuantisedFilter } from './quantised-filter';

/** The 8-bit kernels as graph nodes. Maps are [batch, rows, columns, channels] of uint8. */

const byte = (graph: GraphBuilder, value: number): Node =>
  graph.tensor('uint8', Uint8Array.of(value), []);

/** Cut off at 0 and 255, which with a zero point of 0 is a ReLU. */
export function convolvedBytes(
  graph: GraphBuilder,
  input: Node,
  zeroPoints: { readonly input: number; readonly output: number },
  layer: ConvolutionLayer,
  filter: QuantisedFilter,
  outputScales: Float32Array,
): Node {
  const { kernel, outputChannels: out } = layer;
  const [batch = 1, height = 1, width = 1, inputChannels = 1] = input.shape;
  const reach = (kernel - 1) / 2;
  const ratios = filter.scales.map((scale, channel) => scale / (outputScales[channel] ?? 1));
  const inputs = [
    input,
    graph.scalar(1),
    byte(graph, zeroPoints.input),
    graph.tensor('int8', filter.weight, [out, inputChannels, kernel, kernel]),
    graph.constant(ratios, [out]),
    graph.tensor('int8', new Int8Array(out), [out]),
    graph.scalar(1),
    byte(graph, zeroPoints.output),
    graph.tensor('int32', filter.bias, [out]),
  ];
  const attributes = {
    kernel_shape: integers([kernel, kernel]),
    pads: integers([reach, reach, reach, reach]),
    channels_last: integer(1),
  };
  const shape = [batch, height, width, out];
  return graph.operation('QLinearConv', inputs, attributes, shape, 'com.microsoft');
}

/** A 1 × 1 convolution whose result stays in float: where logits are made, 256 steps would be few. */
export function projectedBytes(
  graph: GraphBuilder,
  input: Node,
  zeroPoint: number,
  layer: ConvolutionLayer,
  filter: QuantisedFilter,
): Node {
  const { outputChannels: out } = layer;
  const [batch = 1, height = 1, width = 1, inputChannels = 1] = input.shape;
  const turned = new Int8Array(filter.weight.length);
  for (let i = 0; i < inputChannels; i++)
    for (let o = 0; o < out; o++) turned[i * out + o] = filter.weight[o * inputChannels + i] ?? 0;
  const bias = filter.scales.map((scale, channel) => scale * (filter.bias[channel] ?? 0));
  const inputs = [
    input,
    graph.tensor('int8', turned, [inputChannels, out]),
    graph.scalar(1),
    graph.constant(filter.scales, [out]),
    byte(graph, zeroPoint),
    graph.tensor('int8', new Int8Array(out), [out]),
    graph.constant(bias, [out]),
  ];
  const shape = [batch, height, width, out];
  return graph.operation('MatMulIntegerToFloat', inputs, {}, shape, 'com.microsoft');
}

export function pooledBytes(graph: GraphBuilder, input: Node): Node {
  const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
  const attributes = { kernel_shape: integers([2, 2]), strides: integers([2, 2]) };
  const shape = [batch, height / 2, width / 2, channels];
  return graph.operation('NhwcMaxPool', [input], attributes, shape, 'com.microsoft');
}

/**
 * Nearest-neighbour doubling as two copies along each axis: ONNX Runtime's
 * Resize goes through single bytes here and took ten times as long (20 ms of
 * the 110 of base 16 at 512²).
 */
export function doubledBytes(graph: GraphBuilder, input: Node): Node {
  const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
  const pixels = reshape(graph, input, [batch * height * width, channels]);
  const wide = concatenate(graph, [pixels, pixels], 1);
  const rows = reshape(graph, wide, [batch * height, 2 * width * channels]);
  const high = concatenate(graph, [rows, rows], 1);
  return reshape(graph, high, [batch, 2 * height, 2 * width, channels]);
}

export function joinedBytes(graph: GraphBuilder, parts: readonly Node[]): Node {
  return concatenate(graph, parts, 3);
}

/** A ReLU where zero is not the lowest byte. */
export function clippedBytes(graph: GraphBuilder, input: Node, zeroPoint: number): Node {
  return graph.operation('Clip', [input, byte(graph, zeroPoint)], {}, input.shape);
}
