import type { ChannelRmsLayer } from '../../../network/network';
import type { GraphBuilder, Node } from '../graph';
import { add, matrixProduct, multiply, reduce, reshape, subtract, unary } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

const epsilon = 1e-5;

/** Mean over the channels of each pixel, given to each of them: a matrix product is much faster here than a reduction and a broadcast. */
function channelMean(graph: GraphBuilder, values: Node, channels: number): Node {
  const pixels = values.shape.slice(0, 3).reduce((product, size) => product * size, 1);
  const matrix = new Float32Array(channels * channels).fill(1 / channels);
  const product = matrixProduct(
    graph,
    reshape(graph, values, [pixels, channels]),
    graph.constant(matrix, [channels, channels]),
  );
  return reshape(graph, product, values.shape);
}

function inverseRms(graph: GraphBuilder, input: Node, channels: number): Node {
  const square = channelMean(graph, unary(graph, 'Square', input), channels);
  return unary(graph, 'Rsqrt', add(graph, square, graph.scalar(epsilon)));
}

/** x / rms(x) · scale over the channels of one pixel (Zhang & Sennrich 2019, per pixel): no statistics over space, so tiles agree. */
export const channelRms: LayerCompiler<ChannelRmsLayer> = {
  forward(graph, layer, inputs, parameter) {
    const input = inputAt(inputs, 0);
    const normal = multiply(graph, input, inverseRms(graph, input, layer.channels));
    return multiply(graph, normal, parameter('scale'));
  },
  backward(graph, layer, { inputs, gradient, parameter }) {
    const input = inputAt(inputs, 0);
    const inverse = inverseRms(graph, input, layer.channels);
    const normal = multiply(graph, input, inverse);
    const scaled = multiply(graph, gradient, parameter('scale'));
    const along = channelMean(graph, multiply(graph, scaled, normal), layer.channels);
    const inputGradient = multiply(
      graph,
      inverse,
      subtract(graph, scaled, multiply(graph, normal, along)),
    );
    const scale = reshape(
      graph,
      reduce(graph, 'Sum', multiply(graph, gradient, normal), [0, 1, 2]),
      [layer.channels],
    );
    return { inputs: [inputGradient], parameters: { scale } };
  },
};
