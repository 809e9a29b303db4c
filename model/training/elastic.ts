import { mirrored } from '../inference/tiling';
import type { Random } from './random';
import { mapPlanes } from './crop-planes';
import type { Crop } from './sampler';

/** How far every pixel of a square is moved, in pixels, row by row. */
export interface Displacement {
  readonly x: Float32Array<ArrayBuffer>;
  readonly y: Float32Array<ArrayBuffer>;
}

/** Uniform cubic B-spline at a share of the way from one node to the next: weights of the node before, both, and the one after. */
function splineWeights(t: number): readonly [number, number, number, number] {
  return [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
}

/** Deviation of the nodes over that of the surface between them: in each direction the squared weights add up to 151 / 315 on average. */
const nodeGain = 315 / 151;

/** A smooth random surface over a square: cubic B-spline through normal values on a grid of `spacing` pixels. */
function surface(
  side: number,
  spacing: number,
  deviation: number,
  random: Random,
): Float32Array<ArrayBuffer> {
  const nodes = Math.ceil(side / spacing) + 3;
  const values = Float32Array.from(
    { length: nodes * nodes },
    () => nodeGain * deviation * random.normal(),
  );
  const along = Array.from({ length: side }, (_, i) => ({
    first: Math.floor(i / spacing),
    weights: splineWeights((i / spacing) % 1),
  }));
  const rows = new Float32Array(nodes * side);
  for (let node = 0; node < nodes; node++) {
    along.forEach(({ first, weights }, x) => {
      rows[node * side + x] = blend(values, node * nodes + first, 1, weights);
    });
  }
  const result = new Float32Array(side * side);
  along.forEach(({ first, weights }, y) => {
    for (let x = 0; x < side; x++)
      result[y * side + x] = blend(rows, first * side + x, side, weights);
  });
  return result;
}

/** The weighted sum of four values that lie `step` apart. */
function blend(
  values: Float32Array,
  first: number,
  step: number,
  [a, b, c, d]: readonly [number, number, number, number],
): number {
  return (
    a * (values[first] ?? 0) +
    b * (values[first + step] ?? 0) +
    c * (values[first + 2 * step] ?? 0) +
    d * (values[first + 3 * step] ?? 0)
  );
}

/**
 * A smooth random displacement whose root mean square along each axis is
 * `deviation`. It does not fold where the deviation is well below the spacing
 * (an eighth of it leaves every slope below 1 by six deviations).
 */
export function randomDisplacement(
  side: number,
  spacing: number,
  deviation: number,
  random: Random,
): Displacement {
  return {
    x: surface(side, spacing, deviation, random),
    y: surface(side, spacing, deviation, random),
  };
}

/**
 * Elastic deformation (Simard et al. 2003, on a coarse grid as in Ronneberger
 * et al. 2015): each pixel takes the image between the four pixels, and target
 * and weight from the nearest one, at the place that it is displaced to. What
 * comes from outside the crop is mirrored and counts for nothing.
 */
export function deformed(crop: Crop, displacement: Displacement): Crop {
  const { side } = crop;
  const image = new Float32Array(side * side);
  /** Where target and weight of a pixel come from; −1 = nowhere. */
  const sources = new Int32Array(side * side).fill(-1);
  for (let at = 0; at < side * side; at++) {
    const x = (at % side) + (displacement.x[at] ?? 0);
    const y = Math.floor(at / side) + (displacement.y[at] ?? 0);
    image[at] = between(crop.image, side, x, y);
    const column = Math.round(x);
    const row = Math.round(y);
    if (column < 0 || column >= side || row < 0 || row >= side) continue;
    sources[at] = row * side + column;
  }
  const taken = (values: Float32Array): Float32Array<ArrayBuffer> =>
    Float32Array.from(sources, (source) => (source < 0 ? 0 : (values[source] ?? 0)));
  return { ...crop, image, ...mapPlanes(crop, taken) };
}

/** Bilinear, mirrored at the borders. */
function between(image: Float32Array, side: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const right = x - left;
  const down = y - top;
  const inside = left >= 0 && top >= 0 && left + 1 < side && top + 1 < side;
  const row0 = (inside ? top : mirrored(top, side)) * side;
  const row1 = (inside ? top + 1 : mirrored(top + 1, side)) * side;
  const column0 = inside ? left : mirrored(left, side);
  const column1 = inside ? left + 1 : mirrored(left + 1, side);
  return (
    (1 - down) *
      ((1 - right) * (image[row0 + column0] ?? 0) + right * (image[row0 + column1] ?? 0)) +
    down * ((1 - right) * (image[row1 + column0] ?? 0) + right * (image[row1 + column1] ?? 0))
  );
}
