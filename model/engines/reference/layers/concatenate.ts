import type { ConcatenateLayer } from '../../../network/network';
import { inputAt, type LayerReference } from './layer-reference';

/** The channels of a, then those of b; the gradient is cut at the same place. */
export const concatenate: LayerReference<ConcatenateLayer> = {
  forward(_layer, inputs) {
    const a = inputAt(inputs, 0);
    const b = inputAt(inputs, 1);
    const data = new Float64Array(a.data.length + b.data.length);
    data.set(a.data);
    data.set(b.data, a.data.length);
    return { ...a, channels: a.channels + b.channels, data };
  },
  backward(_layer, inputs, gradient) {
    const a = inputAt(inputs, 0);
    const b = inputAt(inputs, 1);
    const cut = a.data.length;
    return {
      inputs: [
        { ...a, data: gradient.data.slice(0, cut) },
        { ...b, data: gradient.data.slice(cut) },
      ],
      parameters: {},
    };
  },
};
