import type { GroupNormLayer } from '../../../network/network';
import { channelOf, mapped, type Maps } from '../maps';
import { inputAt, type LayerReference } from './layer-reference';

const epsilon = 1e-5;

const meanOf = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

interface Normalised {
  /** (x − mean) / deviation. */
  readonly normal: Maps;
  /** √(variance + ε) of each group. */
  readonly deviations: readonly number[];
  /** Values in a group: its channels × pixels, one after the other in the array. */
  readonly size: number;
}

function normalise(layer: GroupNormLayer, input: Maps): Normalised {
  const size = input.data.length / layer.groups;
  const statistics = Array.from({ length: layer.groups }, (_, g) => {
    const values = input.data.subarray(g * size, (g + 1) * size);
    const mean = meanOf(values);
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    return { mean, deviation: Math.sqrt(variance + epsilon) };
  });
  const normal = mapped(input, (value, i) => {
    const { mean, deviation } = statistics[Math.floor(i / size)] ?? { mean: 0, deviation: 1 };
    return (value - mean) / deviation;
  });
  return { normal, deviations: statistics.map(({ deviation }) => deviation), size };
}

/**
 * y = s·n + b with n = (x − mean) / deviation over a group's channels and
 * pixels (Wu & He 2018). With g the gradient by y and u = s·g:
 * ds = Σ g·n, db = Σ g; dx = (u − mean(u) − n · mean(u·n)) / deviation, means over the group.
 */
export const groupNorm: LayerReference<GroupNormLayer> = {
  forward(layer, inputs, parameter) {
    const { normal } = normalise(layer, inputAt(inputs, 0));
    const area = normal.height * normal.width;
    const scale = parameter('scale');
    const shift = parameter('shift');
    return mapped(normal, (value, i) => {
      const c = Math.floor(i / area);
      return value * (scale[c] ?? 0) + (shift[c] ?? 0);
    });
  },
  backward(layer, inputs, gradient, parameter) {
    const { normal, deviations, size } = normalise(layer, inputAt(inputs, 0));
    const area = normal.height * normal.width;
    const scale = parameter('scale');
    const scaled = mapped(gradient, (value, i) => value * (scale[Math.floor(i / area)] ?? 0));
    const product = mapped(scaled, (value, i) => value * (normal.data[i] ?? 0));
    const groupMeans = (maps: Maps): number[] =>
      Array.from({ length: layer.groups }, (_, g) =>
        meanOf(maps.data.subarray(g * size, (g + 1) * size)),
      );
    const means = groupMeans(scaled);
    const slopes = groupMeans(product);
    const inputGradient = mapped(scaled, (value, i) => {
      const g = Math.floor(i / size);
      return (
        (value - (means[g] ?? 0) - (normal.data[i] ?? 0) * (slopes[g] ?? 0)) / (deviations[g] ?? 1)
      );
    });
    const perChannel = (value: (g: number, n: number) => number): Float64Array =>
      Float64Array.from({ length: layer.channels }, (_, c) => {
        const own = channelOf(normal, c);
        return channelOf(gradient, c).reduce((sum, g, i) => sum + value(g, own[i] ?? 0), 0);
      });
    return {
      inputs: [inputGradient],
      parameters: { scale: perChannel((g, n) => g * n), shift: perChannel((g) => g) },
    };
  },
};
