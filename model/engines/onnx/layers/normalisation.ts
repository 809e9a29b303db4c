import type { ChannelRmsLayer, GroupNormLayer } from '../../../network/network';
import { FeatureMap, type Writing } from '../feature-map';
import type { Node } from '../graph';
import { add, divide, multiply, reduce, reshape, subtract, unary } from '../operations';
import { inputAt, type StepWriter } from './step-writer';

const epsilon = 1e-5;

/** Weights of a channel as they meet a map [batch, channels, rows, columns]. */
function perChannel({ graph }: Writing, weight: Node): Node {
  return reshape(graph, weight, [1, weight.shape[0] ?? 1, 1, 1]);
}

function sumPerChannel({ graph }: Writing, map: Node): Node {
  return reduce(graph, 'Sum', map, [0, 2, 3], true);
}

/** (x − mean) / deviation over each group of channels of each sample, [batch, groups, rest]; 1 / deviation beside it. */
function standardised(
  { graph }: Writing,
  { groups }: GroupNormLayer,
  input: Node,
): { normal: Node; inverse: Node } {
  const [batch = 1, channels = 1, height = 1, width = 1] = input.shape;
  const rest = (channels / groups) * height * width;
  const grouped = reshape(graph, input, [batch, groups, rest]);
  const centred = subtract(graph, grouped, reduce(graph, 'Mean', grouped, [2]));
  const variance = reduce(graph, 'Mean', multiply(graph, centred, centred), [2]);
  const deviation = unary(graph, 'Sqrt', add(graph, variance, graph.scalar(epsilon)));
  const inverse = divide(graph, graph.scalar(1), deviation);
  return { normal: multiply(graph, centred, inverse), inverse };
}

/** Group normalisation (Wu & He 2018). */
export const groupNorm: StepWriter<GroupNormLayer> = {
  forward(writing, layer, inputs, parameter) {
    const { graph } = writing;
    const input = inputAt(inputs, 0);
    const { normal } = standardised(writing, layer, input.plain);
    const scaled = multiply(
      graph,
      reshape(graph, normal, input.shape),
      perChannel(writing, parameter(`${layer.name}.scale`)),
    );
    const shifted = add(graph, scaled, perChannel(writing, parameter(`${layer.name}.shift`)));
    return FeatureMap.of(writing, shifted, 'plain');
  },
  backward(writing, layer, { inputs, gradient, parameter }) {
    const { graph } = writing;
    const input = inputAt(inputs, 0);
    const { normal, inverse } = standardised(writing, layer, input.plain);
    const scale = perChannel(writing, parameter(`${layer.name}.scale`));
    const scaled = reshape(graph, multiply(graph, gradient.plain, scale), normal.shape);
    const mean = reduce(graph, 'Mean', scaled, [2]);
    const along = reduce(graph, 'Mean', multiply(graph, scaled, normal), [2]);
    const straight = subtract(graph, scaled, mean);
    const inputGradient = multiply(
      graph,
      inverse,
      subtract(graph, straight, multiply(graph, normal, along)),
    );
    const product = multiply(graph, gradient.plain, reshape(graph, normal, input.shape));
    return {
      inputs: [FeatureMap.of(writing, reshape(graph, inputGradient, input.shape), 'plain')],
      parameters: new Map([
        [`${layer.name}.scale`, sumPerChannel(writing, product)],
        [`${layer.name}.shift`, sumPerChannel(writing, gradient.plain)],
      ]),
    };
  },
};

/** x / rms(x) over the channels of one pixel, and 1 / rms(x) beside it. */
function rmsNormal({ graph }: Writing, input: Node): { normal: Node; inverse: Node } {
  const square = reduce(graph, 'Mean', multiply(graph, input, input), [1]);
  const rms = unary(graph, 'Sqrt', add(graph, square, graph.scalar(epsilon)));
  const inverse = divide(graph, graph.scalar(1), rms);
  return { normal: multiply(graph, input, inverse), inverse };
}

/** x / rms(x) · scale over the channels of one pixel (Zhang & Sennrich 2019, per pixel). */
export const channelRms: StepWriter<ChannelRmsLayer> = {
  forward(writing, layer, inputs, parameter) {
    const { normal } = rmsNormal(writing, inputAt(inputs, 0).plain);
    const scale = perChannel(writing, parameter(`${layer.name}.scale`));
    return FeatureMap.of(writing, multiply(writing.graph, normal, scale), 'plain');
  },
  backward(writing, layer, { inputs, gradient, parameter }) {
    const { graph } = writing;
    const { normal, inverse } = rmsNormal(writing, inputAt(inputs, 0).plain);
    const scale = perChannel(writing, parameter(`${layer.name}.scale`));
    const scaled = multiply(graph, gradient.plain, scale);
    const along = reduce(graph, 'Mean', multiply(graph, scaled, normal), [1]);
    const inputGradient = multiply(
      graph,
      inverse,
      subtract(graph, scaled, multiply(graph, normal, along)),
    );
    const product = multiply(graph, gradient.plain, normal);
    return {
      inputs: [FeatureMap.of(writing, inputGradient, 'plain')],
      parameters: new Map([[`${layer.name}.scale`, sumPerChannel(writing, product)]]),
    };
  },
};
