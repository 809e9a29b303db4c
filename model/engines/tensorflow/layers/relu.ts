import type { ReluLayer } from '../../../network/network';
import { floatType } from '../graph';
import { unary } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

export const relu: LayerCompiler<ReluLayer> = {
  forward: (graph, _layer, inputs) => unary(graph, 'Relu', inputAt(inputs, 0)),
  backward: (graph, _layer, { output, gradient }) => ({
    inputs: [graph.operation('ReluGrad', [gradient, output], { T: floatType }, output.shape)],
    parameters: {},
  }),
};
