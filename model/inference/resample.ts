/** Which source pixels make one target pixel: `first`, `first + 1`, … with the weights, which add up to 1. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** The mean of what a larger pixel covers, partly covered ones by their share. */
function coveredTaps(from: number, to: number): Taps[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const start = i * step;
    const end = Math.min(from, start + step);
    const first = Math.floor(start);
    const last = Math.min(from - 1, Math.max(first, Math.ceil(end) - 1));
    const shares = Array.from(
      { length: last - first + 1 },
      (_unused, k) => Math.min(end, first + k + 1) - Math.max(start, first + k),
    );
    const total = shares.reduce((sum, share) => sum + share, 0);
    return { first, weights: shares.map((share) => share / total) };
  });
}

/** Straight lines between the centres of the pixels; beyond the outermost centres their value. */
function linearTaps(from: number, to: number): Taps[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const centre = Math.min(from - 1, Math.max(0, (i + 0.5) * step - 0.5));
    const first = Math.min(Math.floor(centre), Math.max(0, from - 2));
    const part = centre - first;
    return part === 0 ? { first, weights: [1] } : { first, weights: [1 - part, part] };
  });
}

/** Shrinking averages, so that nothing is skipped; growing interpolates. */
const tapsOf = (from: number, to: number): Taps[] =>
  to < from ? coveredTaps(from, to) : linearTaps(from, to);

/** A row-major picture, its values float32. */
export interface Picture {
  readonly values: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The picture on another grid over the same area: the mean of the covered
 * pixels along an axis that shrinks, bilinear along one that grows (pixel
 * centres at half-integers), untouched where the size stays. Sizes ≥ 1. The
 * result lies within the range of the values; NaN spreads to what it touches.
 */
export function resampled(picture: Picture, { width, height }: Size): Picture {
  const across = width === picture.width ? picture : alongRows(picture, width);
  return height === across.height ? across : alongColumns(across, height);
}

function alongRows({ values, width: from, height }: Picture, to: number): Picture {
  const taps = tapsOf(from, to);
  const result = new Float32Array(to * height);
  for (let y = 0; y < height; y += 1) {
    taps.forEach(({ first, weights }, x) => {
      const at = y * from + first;
      let sum = 0;
      for (let k = 0; k < weights.length; k += 1) sum += (weights[k] ?? 0) * (values[at + k] ?? 0);
      result[y * to + x] = sum;
    });
  }
  return { values: result, width: to, height };
}

function alongColumns({ values, width, height: from }: Picture, to: number): Picture {
  const result = new Float32Array(width * to);
  const row = new Float64Array(width);
  tapsOf(from, to).forEach(({ first, weights }, y) => {
    row.fill(0);
    for (let k = 0; k < weights.length; k += 1) {
      const weight = weights[k] ?? 0;
      const at = (first + k) * width;
      for (let x = 0; x < width; x += 1) row[x] = (row[x] ?? 0) + weight * (values[at + x] ?? 0);
    }
    result.set(row, y * width);
  });
  return { values: result, width, height: to };
}

/** Index of the source pixel under the centre of each target pixel, for what must not be mixed (classes). */
export function nearestIndices(from: Size, to: Size): Uint32Array<ArrayBuffer> {
  const along = (size: number, count: number): number[] =>
    Array.from({ length: count }, (_, i) =>
      Math.min(size - 1, Math.floor(((i + 0.5) * size) / count)),
    );
  const columns = along(from.width, to.width);
  const result = new Uint32Array(to.width * to.height);
  along(from.height, to.height).forEach((source, y) => {
    columns.forEach((column, x) => {
      result[y * to.width + x] = source * from.width + column;
    });
  });
  return result;
}
