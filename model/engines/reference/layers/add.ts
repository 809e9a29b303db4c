import type { AddLayer } from '../../../network/network';
import { sum } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

/** y = a + b; the gradient of each is that of y. */
export const add: LayerReference<AddLayer> = {
  forward: (_layer, inputs) => sum(inputAt(inputs, 0), inputAt(inputs, 1)),
  backward: (_layer, _inputs, gradient) => ({ inputs: [gradient, gradient], parameters: {} }),
};
