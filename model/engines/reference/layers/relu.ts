import type { ReluLayer } from '../../../network/network';
import { mapped } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

/** y = max(0, x); dy/dx = 1 where x > 0, else 0 (also at 0, as the engines have it). */
export const relu: LayerReference<ReluLayer> = {
  forward: (_layer, inputs) => mapped(inputAt(inputs, 0), (value) => Math.max(0, value)),
  backward(_layer, inputs, gradient) {
    const input = inputAt(inputs, 0);
    return {
      inputs: [mapped(gradient, (value, i) => ((input.data[i] ?? 0) > 0 ? value : 0))],
      parameters: {},
    };
  },
};
