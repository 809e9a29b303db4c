import type { AddLayer } from '../../../network/network';
import { add as addNodes } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

export const add: LayerCompiler<AddLayer> = {
  forward: (graph, _layer, inputs) => addNodes(graph, inputAt(inputs, 0), inputAt(inputs, 1)),
  backward: (_graph, _layer, { gradient }) => ({ inputs: [gradient, gradient], parameters: {} }),
};
