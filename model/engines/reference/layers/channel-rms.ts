import type { ChannelRmsLayer } from '../../../network/network';
import { at, channelOf, mapsOf, type Maps } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

const epsilon = 1e-5;

/** √(mean over the channels of x² + ε), a map of one channel. */
function rmsOf(input: Maps): Maps {
  return mapsOf(1, input.height, input.width, (_, y, x) => {
    let squares = 0;
    for (let c = 0; c < input.channels; c++) squares += at(input, c, y, x) ** 2;
    return Math.sqrt(squares / input.channels + epsilon);
  });
}

/**
 * y = s · n with n = x / r, r the root mean square over the C channels of a
 * pixel (Zhang & Sennrich 2019, per pixel). With g the gradient by y:
 * ds = Σ g·n; dx = (s·g − n · mean over the channels of s·g·n) / r.
 */
export const channelRms: LayerReference<ChannelRmsLayer> = {
  forward(_layer, inputs, parameter) {
    const input = inputAt(inputs, 0);
    const scale = parameter('scale');
    const rms = rmsOf(input);
    return mapsOf(
      input.channels,
      input.height,
      input.width,
      (c, y, x) => (at(input, c, y, x) / at(rms, 0, y, x)) * (scale[c] ?? 0),
    );
  },
  backward(_layer, inputs, gradient, parameter) {
    const input = inputAt(inputs, 0);
    const scale = parameter('scale');
    const { channels, height, width } = input;
    const rms = rmsOf(input);
    const normal = mapsOf(
      channels,
      height,
      width,
      (c, y, x) => at(input, c, y, x) / at(rms, 0, y, x),
    );
    const along = mapsOf(1, height, width, (_, y, x) => {
      let sum = 0;
      for (let c = 0; c < channels; c++)
        sum += (scale[c] ?? 0) * at(gradient, c, y, x) * at(normal, c, y, x);
      return sum / channels;
    });
    const inputGradient = mapsOf(
      channels,
      height,
      width,
      (c, y, x) =>
        ((scale[c] ?? 0) * at(gradient, c, y, x) - at(normal, c, y, x) * at(along, 0, y, x)) /
        at(rms, 0, y, x),
    );
    const scaleGradient = Float64Array.from({ length: channels }, (_, c) => {
      const own = channelOf(normal, c);
      return channelOf(gradient, c).reduce((sum, g, i) => sum + g * (own[i] ?? 0), 0);
    });
    return { inputs: [inputGradient], parameters: { scale: scaleGradient } };
  },
};
