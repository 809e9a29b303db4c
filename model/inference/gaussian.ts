import { mirrored } from './tiling';

/** Weights of a Gaussian of deviation `sigma` out to four of them, adding up to 1; the first is the middle one. */
function kernelOf(sigma: number): Float64Array {
  const reach = Math.max(1, Math.ceil(4 * sigma));
  const weights = Float64Array.from({ length: reach + 1 }, (_, i) =>
    Math.exp(-(i * i) / (2 * sigma * sigma)),
  );
  const total = weights.reduce((sum, weight, i) => sum + (i === 0 ? weight : 2 * weight), 0);
  return weights.map((weight) => weight / total);
}

/** One row or column of a picture, mirrored beyond its ends, times the kernel. */
function along(line: Float64Array, kernel: Float64Array, out: Float64Array): void {
  const reach = kernel.length - 1;
  const { length } = line;
  for (let i = 0; i < length; i += 1) {
    let sum = (kernel[0] ?? 0) * (line[i] ?? 0);
    if (i >= reach && i + reach < length)
      for (let k = 1; k <= reach; k += 1)
        sum += (kernel[k] ?? 0) * ((line[i - k] ?? 0) + (line[i + k] ?? 0));
    else
      for (let k = 1; k <= reach; k += 1)
        sum +=
          (kernel[k] ?? 0) *
          ((line[mirrored(i - k, length)] ?? 0) + (line[mirrored(i + k, length)] ?? 0));
    out[i] = sum;
  }
}

/** A row-major picture smoothed by a Gaussian of `sigma` > 0 pixels, mirrored beyond its edges. */
export function gaussian(
  values: Float32Array<ArrayBuffer>,
  width: number,
  height: number,
  sigma: number,
): Float32Array<ArrayBuffer> {
  return separable(values, width, height, kernelOf(sigma), along);
}

/** Three running means make a Gaussian to within 3 %, at a cost that does not grow with its width. */
const RUNS = 3;

function meansAlong(line: Float64Array, radii: Float64Array, out: Float64Array): void {
  const { length } = line;
  let from = line;
  let to = out;
  for (const radius of radii) {
    let sum = 0;
    for (let k = -radius; k <= radius; k += 1) sum += from[mirrored(k, length)] ?? 0;
    const share = 1 / (2 * radius + 1);
    // Only near the ends does the window reach the mirror, which is slow to look into.
    for (let i = 0; i < length; i += 1) {
      to[i] = sum * share;
      const enters = i + radius + 1;
      const leaves = i - radius;
      sum +=
        (from[enters < length ? enters : mirrored(enters, length)] ?? 0) -
        (from[leaves >= 0 ? leaves : mirrored(leaves, length)] ?? 0);
    }
    [from, to] = [to, from];
  }
  if (from !== out) out.set(from);
}

/** As `gaussian`, for surrounds: wide ones cost as little as narrow ones. `sigma` ≥ 2. */
export function wideGaussian(
  values: Float32Array<ArrayBuffer>,
  width: number,
  height: number,
  sigma: number,
): Float32Array<ArrayBuffer> {
  const side = Math.sqrt((12 * sigma * sigma) / RUNS + 1);
  const radius = Math.max(1, Math.round((side - 1) / 2));
  return separable(values, width, height, new Float64Array(RUNS).fill(radius), meansAlong);
}

/** Columns are taken this many at a time, so that memory is read in rows. */
const BAND = 16;

function separable(
  values: Float32Array<ArrayBuffer>,
  width: number,
  height: number,
  kernel: Float64Array,
  filter: (line: Float64Array, kernel: Float64Array, out: Float64Array) => void,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(values.length);
  const row = new Float64Array(width);
  const smooth = new Float64Array(width);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) row[x] = values[y * width + x] ?? 0;
    filter(row, kernel, smooth);
    result.set(smooth, y * width);
  }
  for (let left = 0; left < width; left += BAND) {
    const count = Math.min(BAND, width - left);
    const lines = Array.from({ length: count }, () => new Float64Array(height));
    for (let y = 0; y < height; y += 1)
      lines.forEach((line, i) => (line[y] = result[y * width + left + i] ?? 0));
    const out = new Float64Array(height);
    lines.forEach((line, i) => {
      filter(line, kernel, out);
      for (let y = 0; y < height; y += 1) result[y * width + left + i] = out[y] ?? 0;
    });
  }
  return result;
}
