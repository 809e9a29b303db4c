import type { MaxPoolLayer, UpsampleLayer } from '../../../network/network';
import { blockedKernels, blocks, FeatureMap, type Layout, type Writing } from '../feature-map';
import { integers, text, type Node } from '../graph';
import { divide, doubled, equal, multiply } from '../operations';
import { inputAt, noParameters, type StepWriter } from './step-writer';

const window = { kernel_shape: integers([2, 2]), strides: integers([2, 2]) };

function pooled({ graph }: Writing, node: Node, layout: Layout): Node {
  const [batch = 1, channels = 1, height = 1, width = 1] = node.shape;
  const shape = [batch, channels, height / 2, width / 2];
  return layout === 'plain'
    ? graph.operation('MaxPool', [node], window, shape)
    : graph.operation('MaxPool', [node], window, shape, blockedKernels);
}

function enlarged({ graph }: Writing, node: Node, layout: Layout): Node {
  if (layout === 'plain') return doubled(graph, node);
  const [batch = 1, channels = 1, height = 1, width = 1] = node.shape;
  const attributes = {
    scales: integers([1, 1, 2, 2]),
    mode: text('nearest'),
    coordinate_transformation_mode: text('asymmetric'),
  };
  const shape = [batch, channels, height * 2, width * 2];
  return graph.operation('Upsample', [node], attributes, shape, blockedKernels);
}

/** The sum over windows of 2 × 2: four times the mean, for which there is a fast kernel. */
function summed({ graph }: Writing, node: Node, layout: Layout): Node {
  const [batch = 1, channels = 1, height = 1, width = 1] = node.shape;
  const shape = [batch, channels, height / 2, width / 2];
  const mean =
    layout === 'plain'
      ? graph.operation('AveragePool', [node], window, shape)
      : graph.operation('AveragePool', [node], window, shape, blockedKernels);
  return multiply(graph, mean, graph.scalar(4));
}

/** The largest of 2 × 2; equal ones share the gradient. */
export const maxPool: StepWriter<MaxPoolLayer> = {
  forward(writing, _step, inputs) {
    const input = inputAt(inputs, 0);
    return FeatureMap.of(writing, pooled(writing, input.native, input.layout), input.layout);
  },
  backward(writing, _step, { inputs, output, gradient }) {
    const { graph } = writing;
    const input = inputAt(inputs, 0);
    const { layout } = input;
    const chosen = equal(graph, input.native, enlarged(writing, output.in(layout), layout));
    const share = divide(graph, gradient.in(layout), summed(writing, chosen, layout));
    const spread = enlarged(writing, share, layout);
    return { inputs: [input.like(multiply(graph, spread, chosen))], parameters: noParameters };
  },
};

/** Nearest-neighbour doubling, in the layout that the reader wants: the small map is cheaper to convert. */
export const upsample: StepWriter<UpsampleLayer> = {
  forward(writing, _step, inputs) {
    const input = inputAt(inputs, 0);
    const [batch = 1, channels = 1, height = 1, width = 1] = input.shape;
    const layout = blocks(writing, channels) ? input.layout : 'plain';
    return FeatureMap.either(writing, [batch, channels, height * 2, width * 2], layout, (wanted) =>
      enlarged(writing, input.in(wanted), wanted),
    );
  },
  backward(writing, _step, { gradient }) {
    const { layout } = gradient;
    return {
      inputs: [FeatureMap.of(writing, summed(writing, gradient.native, layout), layout)],
      parameters: noParameters,
    };
  },
};
