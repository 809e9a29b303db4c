import type { MaxPoolLayer, UpsampleLayer } from '../../../network/network';
import { floatType, type Attribute } from '../graph';
import { multiply } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

const window: Readonly<Record<string, Attribute>> = {
  T: floatType,
  ksize: { kind: 'integers', value: [1, 2, 2, 1] },
  strides: { kind: 'integers', value: [1, 2, 2, 1] },
  padding: { kind: 'text', value: 'VALID' },
};

const halved = ([
  batch = 1,
  height = 1,
  width = 1,
  channels = 1,
]: readonly number[]): readonly number[] => [batch, height / 2, width / 2, channels];
const doubled = ([
  batch = 1,
  height = 1,
  width = 1,
  channels = 1,
]: readonly number[]): readonly number[] => [batch, height * 2, width * 2, channels];

export const maxPool: LayerCompiler<MaxPoolLayer> = {
  forward(graph, _layer, inputs) {
    const input = inputAt(inputs, 0);
    return graph.operation('MaxPool', [input], window, halved(input.shape));
  },
  backward(graph, _layer, { inputs, output, gradient }) {
    const input = inputAt(inputs, 0);
    return {
      inputs: [graph.operation('MaxPoolGrad', [input, output, gradient], window, input.shape)],
      parameters: {},
    };
  },
};

/** Nearest-neighbour doubling; its gradient is the sum over 2 × 2, four times the mean. */
export const upsample: LayerCompiler<UpsampleLayer> = {
  forward(graph, _layer, inputs) {
    const input = inputAt(inputs, 0);
    const shape = doubled(input.shape);
    return graph.operation(
      'ResizeNearestNeighbor',
      [input, graph.integers(shape.slice(1, 3))],
      { T: floatType },
      shape,
    );
  },
  backward(graph, _layer, { inputs, gradient }) {
    const mean = graph.operation('AvgPool', [gradient], window, inputAt(inputs, 0).shape);
    return { inputs: [multiply(graph, mean, graph.scalar(4))], parameters: {} };
  },
};
