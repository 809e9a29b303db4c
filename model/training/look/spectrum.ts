import { powerOf } from './fourier';

/** A row-major picture on the network's grid, normalised; what is not `known` (1; null = all) holds filled values. */
export interface SeenPicture {
  readonly image: Float32Array<ArrayBuffer>;
  readonly known: Uint8Array<ArrayBuffer> | null;
  readonly width: number;
  readonly height: number;
}

/** Mean power of rings of one frequency: `power[i]` at `frequency[i]` cycles a pixel. */
export interface RadialSpectrum {
  readonly frequency: Float64Array;
  readonly power: Float64Array;
}

/** Largest windows that are transformed: below 1/256 of a pixel nothing is looked at anyway. */
const LARGEST_WINDOW = 256;
const SMALLEST_WINDOW = 16;
/** Coarser than 8 cycles in 512 pixels lie shade and the tissue itself, which differ from stack to stack. */
const COARSEST = 8 / 512;
/** A window with less tissue says more of what was filled in than of the stack. */
const LEAST_KNOWN = 0.9;

/** The side of windows that fit into all pictures; 0 = some picture is too small for any. */
export function windowFor(pictures: readonly SeenPicture[]): number {
  const smallest = Math.min(...pictures.map(({ width, height }) => Math.min(width, height)));
  const side = Math.min(LARGEST_WINDOW, 2 ** Math.floor(Math.log2(smallest)));
  return side >= SMALLEST_WINDOW ? side : 0;
}

interface Corner {
  readonly x: number;
  readonly y: number;
}

/** Corners of windows side by side over a picture, of which at most `most` are taken, spread over it. */
function cornersOf({ width, height, known }: SeenPicture, side: number, most: number): Corner[] {
  const along = (size: number): number[] => {
    const count = Math.floor(size / side);
    const spare = Math.floor((size - count * side) / 2);
    return Array.from({ length: count }, (_, i) => spare + i * side);
  };
  const all = along(height).flatMap((y) => along(width).map((x) => ({ x, y })));
  const shown = all.filter(({ x, y }) => {
    if (known === null) return true;
    let count = 0;
    for (let row = y; row < y + side; row += 1)
      for (let column = x; column < x + side; column += 1)
        count += known[row * width + column] === 1 ? 1 : 0;
    return count >= LEAST_KNOWN * side * side;
  });
  if (shown.length <= most) return shown;
  return Array.from(
    { length: most },
    (_, i) => shown[Math.floor(((i + 0.5) * shown.length) / most)] ?? { x: 0, y: 0 },
  );
}

/**
 * Radial power spectrum of pictures of one source: mean over Hann windows
 * (Welch 1967), from 8 cycles in 512 pixels to half a cycle a pixel. White
 * noise of deviation n adds n² everywhere. null = no window shows tissue.
 */
export function radialSpectrum(
  pictures: readonly SeenPicture[],
  side: number,
  windows: number,
): RadialSpectrum | null {
  const hann = Float64Array.from(
    { length: side },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / side),
  );
  const energy = hann.reduce((sum, value) => sum + value * value, 0) ** 2;
  const rings = side / 2 + 1;
  const ringOf = Uint16Array.from({ length: side * side }, (_, at) => {
    const [u, v] = [at % side, Math.floor(at / side)];
    const [across, down] = [Math.min(u, side - u), Math.min(v, side - v)];
    return Math.round(Math.sqrt(across * across + down * down));
  });
  const sums = new Float64Array(rings);
  const counts = new Float64Array(rings);
  const each = Math.max(1, Math.ceil(windows / Math.max(1, pictures.length)));
  for (const picture of pictures)
    for (const { x, y } of cornersOf(picture, side, each)) {
      const power = powerOf(windowed(picture, x, y, hann), side);
      for (let at = 0; at < power.length; at += 1) {
        const ring = ringOf[at] ?? rings;
        if (ring >= rings) continue;
        sums[ring] = (sums[ring] ?? 0) + (power[at] ?? 0) / energy;
        counts[ring] = (counts[ring] ?? 0) + 1;
      }
    }
  const first = Math.max(1, Math.ceil(COARSEST * side));
  if ((counts[first] ?? 0) === 0) return null;
  const ringsTaken = Array.from({ length: rings - first }, (_, i) => first + i);
  return {
    frequency: Float64Array.from(ringsTaken, (ring) => ring / side),
    power: Float64Array.from(ringsTaken, (ring) => (sums[ring] ?? 0) / (counts[ring] ?? 1)),
  };
}

/** A window of a picture without its mean, faded out towards its edges. */
function windowed(
  { image, width }: SeenPicture,
  left: number,
  top: number,
  hann: Float64Array,
): Float64Array {
  const side = hann.length;
  const result = new Float64Array(side * side);
  let mean = 0;
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1) mean += image[(top + y) * width + left + x] ?? 0;
  mean /= side * side;
  for (let y = 0; y < side; y += 1)
    for (let x = 0; x < side; x += 1)
      result[y * side + x] =
        ((image[(top + y) * width + left + x] ?? 0) - mean) * (hann[y] ?? 0) * (hann[x] ?? 0);
  return result;
}
