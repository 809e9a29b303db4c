import type { GroupNormLayer } from '../../../network/network';
import type { GraphBuilder, Node } from '../graph';
import { add, matrixProduct, multiply, reduce, reshape, subtract, unary } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

const epsilon = 1e-5;

/** Mean over the channels of a group of a map [N, 1, 1, C], given to each of them: one small matrix product. */
function groupMean(graph: GraphBuilder, layer: GroupNormLayer, values: Node): Node {
  const { channels, groups } = layer;
  const size = channels / groups;
  const matrix = Float32Array.from({ length: channels * channels }, (_, i) =>
    Math.floor(i / channels / size) === Math.floor((i % channels) / size) ? 1 / size : 0,
  );
  const rows = reshape(graph, values, [values.shape[0] ?? 1, channels]);
  return reshape(
    graph,
    matrixProduct(graph, rows, graph.constant(matrix, [channels, channels])),
    values.shape,
  );
}

const pixelMean = (graph: GraphBuilder, values: Node): Node =>
  reduce(graph, 'Mean', values, [1, 2]);

/** Mean and inverse deviation of each sample's groups, [N, 1, 1, C] each. */
function statistics(
  graph: GraphBuilder,
  layer: GroupNormLayer,
  input: Node,
): { mean: Node; inverse: Node } {
  const mean = groupMean(graph, layer, pixelMean(graph, input));
  const square = groupMean(graph, layer, pixelMean(graph, unary(graph, 'Square', input)));
  const variance = subtract(graph, square, unary(graph, 'Square', mean));
  return {
    mean,
    inverse: unary(
      graph,
      'Rsqrt',
      add(graph, unary(graph, 'Relu', variance), graph.scalar(epsilon)),
    ),
  };
}

/** Group normalisation (Wu & He 2018): statistics of one sample's groups of channels, so it doesn't depend on the batch. */
export const groupNorm: LayerCompiler<GroupNormLayer> = {
  forward(graph, layer, inputs, parameter) {
    const input = inputAt(inputs, 0);
    const { mean, inverse } = statistics(graph, layer, input);
    const factor = multiply(graph, inverse, parameter('scale'));
    const offset = subtract(graph, parameter('shift'), multiply(graph, mean, factor));
    return add(graph, multiply(graph, input, factor), offset);
  },
  backward(graph, layer, { inputs, gradient, parameter }) {
    const input = inputAt(inputs, 0);
    const { mean, inverse } = statistics(graph, layer, input);
    const scale = parameter('scale');
    const gradientMean = pixelMean(graph, gradient);
    const productMean = pixelMean(graph, multiply(graph, gradient, input));
    const centred = multiply(
      graph,
      subtract(graph, productMean, multiply(graph, mean, gradientMean)),
      inverse,
    );
    const meanTerm = groupMean(graph, layer, multiply(graph, scale, gradientMean));
    const slopeTerm = multiply(
      graph,
      unary(graph, 'Square', inverse),
      groupMean(graph, layer, multiply(graph, scale, centred)),
    );
    const offset = subtract(
      graph,
      multiply(graph, mean, slopeTerm),
      multiply(graph, inverse, meanTerm),
    );
    const direct = multiply(graph, gradient, multiply(graph, inverse, scale));
    const inputGradient = add(
      graph,
      subtract(graph, direct, multiply(graph, input, slopeTerm)),
      offset,
    );
    const [, height = 1, width = 1] = input.shape;
    const perChannel = (values: Node): Node =>
      reshape(
        graph,
        multiply(graph, reduce(graph, 'Sum', values, [0]), graph.scalar(height * width)),
        [layer.channels],
      );
    return {
      inputs: [inputGradient],
      parameters: { scale: perChannel(centred), shift: perChannel(gradientMean) },
    };
  },
};
