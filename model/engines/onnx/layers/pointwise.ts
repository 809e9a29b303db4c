import type { AddLayer, ReluLayer } from '../../../network/network';
import { FeatureMap } from '../feature-map';
import { add as addNodes, multiply, positive, unary } from '../operations';
import { inputAt, noParameters, type StepWriter } from './step-writer';

/** A ReLU that no convolution took in. */
export const relu: StepWriter<ReluLayer> = {
  forward(writing, _step, inputs) {
    const input = inputAt(inputs, 0);
    return input.like(unary(writing.graph, 'Relu', input.native));
  },
  backward(writing, _step, { output, gradient }) {
    return { inputs: [whereActive(writing, output, gradient)], parameters: noParameters };
  },
};

/** The gradient where a ReLU let something through, 0 elsewhere. */
export function whereActive(
  { graph }: Parameters<StepWriter<ReluLayer>['backward']>[0],
  output: FeatureMap,
  gradient: FeatureMap,
): FeatureMap {
  return output.like(multiply(graph, gradient.in(output.layout), positive(graph, output.native)));
}

/** An addition that no convolution took in. */
export const add: StepWriter<AddLayer> = {
  forward({ graph }, _step, inputs) {
    const first = inputAt(inputs, 0);
    return first.like(addNodes(graph, first.native, inputAt(inputs, 1).in(first.layout)));
  },
  backward: (_writing, _step, { gradient }) => ({
    inputs: [gradient, gradient],
    parameters: noParameters,
  }),
};
