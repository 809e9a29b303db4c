/** Bits of `index` < 2 ** `bits` read backwards. */
function reversed(index: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit += 1) result |= ((index >> bit) & 1) << (bits - 1 - bit);
  return result;
}

/**
 * Fourier transform of lines of one length, a power of two, in place
 * (Cooley & Tukey 1965, radix 2, decimation in time); without a factor.
 */
export class LineTransform {
  readonly #order: Uint32Array;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;

  constructor(readonly length: number) {
    const bits = Math.log2(length);
    if (!Number.isInteger(bits)) throw new Error(`${length} is no power of two`);
    this.#order = Uint32Array.from({ length }, (_, i) => reversed(i, bits));
    const angle = (i: number): number => (-2 * Math.PI * i) / length;
    this.#cosine = Float64Array.from({ length: length / 2 }, (_, i) => Math.cos(angle(i)));
    this.#sine = Float64Array.from({ length: length / 2 }, (_, i) => Math.sin(angle(i)));
  }

  run(real: Float64Array, imaginary: Float64Array): void {
    const { length } = this;
    for (let i = 0; i < length; i += 1) {
      const j = this.#order[i] ?? 0;
      if (j <= i) continue;
      [real[i], real[j]] = [real[j] ?? 0, real[i] ?? 0];
      [imaginary[i], imaginary[j]] = [imaginary[j] ?? 0, imaginary[i] ?? 0];
    }
    for (let half = 1; half < length; half *= 2) {
      const stride = length / (2 * half);
      for (let first = 0; first < length; first += 2 * half)
        for (let k = 0; k < half; k += 1) {
          const cosine = this.#cosine[k * stride] ?? 0;
          const sine = this.#sine[k * stride] ?? 0;
          const even = first + k;
          const odd = even + half;
          const a = real[odd] ?? 0;
          const b = imaginary[odd] ?? 0;
          const turnedReal = a * cosine - b * sine;
          const turnedImaginary = a * sine + b * cosine;
          const x = real[even] ?? 0;
          const y = imaginary[even] ?? 0;
          real[odd] = x - turnedReal;
          imaginary[odd] = y - turnedImaginary;
          real[even] = x + turnedReal;
          imaginary[even] = y + turnedImaginary;
        }
    }
  }
}

/** |F|² of a square row-major picture of `side` (a power of two) pixels; the mean frequency comes first. */
export function powerOf(picture: Float64Array, side: number): Float64Array {
  const transform = new LineTransform(side);
  const real = picture.slice();
  const imaginary = new Float64Array(picture.length);
  for (let y = 0; y < side; y += 1) {
    const row = [y * side, (y + 1) * side] as const;
    transform.run(real.subarray(...row), imaginary.subarray(...row));
  }
  const columnReal = new Float64Array(side);
  const columnImaginary = new Float64Array(side);
  const power = new Float64Array(picture.length);
  for (let x = 0; x < side; x += 1) {
    for (let y = 0; y < side; y += 1) {
      columnReal[y] = real[y * side + x] ?? 0;
      columnImaginary[y] = imaginary[y * side + x] ?? 0;
    }
    transform.run(columnReal, columnImaginary);
    for (let y = 0; y < side; y += 1)
      power[y * side + x] = (columnReal[y] ?? 0) ** 2 + (columnImaginary[y] ?? 0) ** 2;
  }
  return power;
}
