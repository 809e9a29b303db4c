import type { UpsampleLayer } from '../../../network/network';
import { at, mapsOf } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

/** y[2i + a, 2j + b] = x[i, j] for a, b in {0, 1}; the gradient of x is the sum over its four copies. */
export const upsample: LayerReference<UpsampleLayer> = {
  forward(_layer, inputs) {
    const input = inputAt(inputs, 0);
    return mapsOf(input.channels, input.height * 2, input.width * 2, (c, y, x) =>
      at(input, c, y >> 1, x >> 1),
    );
  },
  backward(_layer, inputs, gradient) {
    const { channels, height, width } = inputAt(inputs, 0);
    const inputGradient = mapsOf(
      channels,
      height,
      width,
      (c, y, x) =>
        at(gradient, c, 2 * y, 2 * x) +
        at(gradient, c, 2 * y, 2 * x + 1) +
        at(gradient, c, 2 * y + 1, 2 * x) +
        at(gradient, c, 2 * y + 1, 2 * x + 1),
    );
    return { inputs: [inputGradient], parameters: {} };
  },
};
