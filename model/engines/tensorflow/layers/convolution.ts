import type { ConvolutionLayer } from '../../../network/network';
import { floatType, type Attribute, type GraphBuilder, type Node } from '../graph';
import { transpose } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

const settings: Readonly<Record<string, Attribute>> = {
  T: floatType,
  strides: { kind: 'integers', value: [1, 1, 1, 1] },
  padding: { kind: 'text', value: 'SAME' },
};

/** OIHW → HWIO, TensorFlow's order. */
const filterOf = (graph: GraphBuilder, weight: Node): Node =>
  transpose(graph, weight, [2, 3, 1, 0]);

/** Zero-padded convolution, with bias where the layer has one. TensorFlow fuses it with a bias, ReLU or addition that follows. */
export const convolution: LayerCompiler<ConvolutionLayer> = {
  forward(graph, layer, inputs, parameter) {
    const input = inputAt(inputs, 0);
    const shape = [...input.shape.slice(0, 3), layer.outputChannels];
    const product = graph.operation(
      'Conv2D',
      [input, filterOf(graph, parameter('weight'))],
      settings,
      shape,
    );
    if (!layer.bias) return product;
    return graph.operation('BiasAdd', [product, parameter('bias')], { T: floatType }, shape);
  },
  backward(graph, layer, { inputs, gradient, parameter, needsInput }) {
    const input = inputAt(inputs, 0);
    const { kernel, inputChannels, outputChannels } = layer;
    const filterShape = [kernel, kernel, inputChannels, outputChannels];
    const filterGradient = graph.operation(
      'Conv2DBackpropFilter',
      [input, graph.integers(filterShape), gradient],
      settings,
      filterShape,
    );
    const inputGradient = needsInput
      ? graph.operation(
          'Conv2DBackpropInput',
          [graph.integers(input.shape), filterOf(graph, parameter('weight')), gradient],
          settings,
          input.shape,
        )
      : undefined;
    const weight = transpose(graph, filterGradient, [3, 2, 0, 1]);
    if (!layer.bias) return { inputs: [inputGradient], parameters: { weight } };
    const bias = graph.operation('BiasAddGrad', [gradient], { T: floatType }, [outputChannels]);
    return { inputs: [inputGradient], parameters: { weight, bias } };
  },
};
