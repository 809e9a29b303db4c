import type { ConcatenateLayer } from '../../../network/network';
import { concatenate as concatenateNodes, slice } from '../operations';
import { inputAt, type LayerCompiler } from './layer-compiler';

/** Joins two maps along the channels. */
export const concatenate: LayerCompiler<ConcatenateLayer> = {
  forward: (graph, _layer, inputs) =>
    concatenateNodes(graph, [inputAt(inputs, 0), inputAt(inputs, 1)], 3),
  backward(graph, _layer, { inputs, gradient }) {
    const first = inputAt(inputs, 0);
    const second = inputAt(inputs, 1);
    return {
      inputs: [
        slice(graph, gradient, [0, 0, 0, 0], first.shape),
        slice(graph, gradient, [0, 0, 0, first.shape[3] ?? 0], second.shape),
      ],
      parameters: {},
    };
  },
};
