import type { Picture } from '#model/inference/resample';

/** Luminance quantisation of ITU-T T.81, table K.1, row by row. */
const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const SIDE = 8;

/** cosines[frequency][place], orthonormal. */
const cosines = Array.from({ length: SIDE }, (_, frequency) =>
  Array.from(
    { length: SIDE },
    (_unused, place) =>
      Math.sqrt((frequency === 0 ? 1 : 2) / SIDE) *
      Math.cos(((2 * place + 1) * frequency * Math.PI) / (2 * SIDE)),
  ),
);

const cosine = (frequency: number, place: number): number => cosines[frequency]?.[place] ?? 0;

/** The block's 8 × 8 transform, or back. */
function transformed(block: Float64Array, back: boolean): Float64Array {
  const along = (from: Float64Array, columns: boolean): Float64Array =>
    Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
      const [row, column] = [Math.floor(at / SIDE), at % SIDE];
      let sum = 0;
      for (let k = 0; k < SIDE; k += 1) {
        const own = columns ? row : column;
        const value = from[columns ? k * SIDE + column : row * SIDE + k] ?? 0;
        sum += value * (back ? cosine(k, own) : cosine(own, k));
      }
      return sum;
    });
  return along(along(block, false), true);
}

/**
 * What a JPEG of a quality (1 to 100, as libjpeg counts) leaves of grey values
 * in [0, 255]: blocks transformed, rounded in steps of the table, and back.
 */
export function jpegTexture({ values, width, height }: Picture, quality: number): Picture {
  const factor = quality < 50 ? 50 / quality : 2 - quality / 50;
  const steps = luminance.map((value) => Math.max(1, Math.round(value * factor)));
  const result = new Float32Array(values.length);
  for (let top = 0; top < height; top += SIDE)
    for (let left = 0; left < width; left += SIDE) {
      const place = (at: number): number =>
        Math.min(height - 1, top + Math.floor(at / SIDE)) * width +
        Math.min(width - 1, left + (at % SIDE));
      const block = Float64Array.from({ length: SIDE * SIDE }, (_, at) => {
        return (values[place(at)] ?? 0) - 128;
      });
      const kept = transformed(block, false).map((value, at) => {
        const step = steps[at] ?? 1;
        return Math.round(value / step) * step;
      });
      transformed(kept, true).forEach((value, at) => {
        const inside = top + Math.floor(at / SIDE) < height && left + (at % SIDE) < width;
        if (inside) result[place(at)] = Math.min(255, Math.max(0, Math.round(value + 128)));
      });
    }
  return { values: result, width, height };
}
