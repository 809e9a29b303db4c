import type { PixelArray } from '#volume/pixel-array';
import type { Region } from '../../stack-source';
import type { LabEncoding } from './stored-colour';

/** The white of D50, which ICC's L*a*b* is relative to. */
const WHITE = [0.9642, 1, 0.8249] as const;
/** XYZ relative to D50 to linear sRGB (Bradford-adapted, Lindbloom). */
const TO_LINEAR = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/**
 * CIE L*a*b* as sRGB over the full range of `to`. Encodings: `cie` (TIFF 6.0:
 * L 0 to the largest value = 0 to 100, a and b signed), `icc` (a and b offset
 * by half the range), `itu` (a from −85 to 85, b from −75 to 125).
 */
export function labToRgb(
  { data, samples, width, height }: Region,
  encoding: LabEncoding,
  bits: number,
  to: PixelArray,
  wanted: number,
): void {
  const most = 2 ** bits - 1;
  const half = 2 ** (bits - 1);
  /** a and b count in steps of 1 at 8 bits, of 1/256 at 16. */
  const unit = 2 ** (bits - 8);
  const brightest = encoding === 'icc' && bits === 16 ? 0xff00 : most;
  for (let at = 0; at < width * height; at += 1) {
    const first = at * samples;
    // A signed type holds the same bits.
    const stored = (sample: number): number =>
      (Number(data[first + sample] ?? 0) + most + 1) % (most + 1);
    const signed = (value: number): number => (value >= half ? value - most - 1 : value) / unit;
    const lightness = Math.min(100, (stored(0) * 100) / brightest);
    const [a, b] = chroma(encoding, stored(1), stored(2), signed, half, unit, most);
    srgb(lightness, a, b).forEach((value, c) => {
      to[at * wanted + c] = Math.round(value * most);
    });
  }
}

function chroma(
  encoding: LabEncoding,
  a: number,
  b: number,
  signed: (value: number) => number,
  half: number,
  unit: number,
  most: number,
): readonly [number, number] {
  switch (encoding) {
    case 'cie':
      return [signed(a), signed(b)];
    case 'icc':
      return [(a - half) / unit, (b - half) / unit];
    case 'itu':
      return [(a / most) * 170 - 85, (b / most) * 200 - 75];
  }
}

/** L* in 0 to 100, a* and b*, to sRGB in [0, 1] (CIE 15, IEC 61966-2-1). */
function srgb(lightness: number, a: number, b: number): readonly number[] {
  const y = (lightness + 16) / 116;
  const cube = (t: number): number => (t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29));
  const xyz = [y + a / 500, y, y - b / 200].map((t, i) => cube(t) * (WHITE[i] ?? 1));
  return TO_LINEAR.map((row) => {
    const linear = row.reduce((sum, weight, i) => sum + weight * (xyz[i] ?? 0), 0);
    const clamped = Math.min(1, Math.max(0, linear));
    return clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * clamped ** (1 / 2.4) - 0.055;
  });
}
