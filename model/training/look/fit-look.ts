import { conditionSlice } from '../../inference/condition';
import { QUANTILES, quantilesOf } from './quantiles';
import { radialSpectrum, windowFor, type RadialSpectrum, type SeenPicture } from './spectrum';

/**
 * How slices of a stack look beside clean pictures of another source, both
 * with a flat field and of mean 0 and deviation 1.
 */
export interface Look {
  /** Deviation of the Gaussian that clean pictures are blurred with first, in pixels, 0 to 4. */
  readonly blur: number;
  /** Deviation of the white noise that is added then, in deviations of the clean picture, 0 to 8. */
  readonly noise: number;
  /** Values of the stack at shares 0, 1/256, …, 1 of its pixels. */
  readonly quantiles: Float32Array<ArrayBuffer>;
  /** Root mean square of what is left between the logarithms (base e) of both spectra. */
  readonly misfit: number;
}

/** The shade that is taken out before looks are compared, in pixels: that of the conditionings. */
export const LOOK_FLAT_FIELD = 64;

/** Windows of 256² for a spectrum, and clean pictures that they come from: more cost time and say the same. */
const WINDOWS = 24;
const CLEAN_PICTURES = 6;
/** Of a larger picture its middle says as much; the middle 768² of slices under strong noise does not (blur 1.8 px found where 1 was done, 1.1 with this). */
const LARGEST_SIDE = 1024;
const MOST_BLUR = 4;
const MOST_NOISE = 8;

/** A picture as looks see it: without shade, of mean 0 and deviation 1. */
export function evenPicture(picture: SeenPicture): SeenPicture {
  const { image, known, width, height } = picture;
  const how = { inverted: false, flatField: LOOK_FLAT_FIELD, smoothing: 0 };
  return { ...picture, image: conditionSlice(image, known, width, height, how) };
}

/** The middle of a picture, at most `LARGEST_SIDE` long each way. */
function middleOf(picture: SeenPicture): SeenPicture {
  const { image, known, width, height } = picture;
  const wide = Math.min(width, LARGEST_SIDE);
  const high = Math.min(height, LARGEST_SIDE);
  if (wide === width && high === height) return picture;
  const first = Math.floor((height - high) / 2) * width + Math.floor((width - wide) / 2);
  const cut = (values: Float32Array | Uint8Array, to: Float32Array | Uint8Array): void => {
    for (let y = 0; y < high; y += 1) {
      const from = first + y * width;
      to.set(values.subarray(from, from + wide), y * wide);
    }
  };
  const part = new Float32Array(wide * high);
  cut(image, part);
  if (known === null) return { image: part, known, width: wide, height: high };
  const knownPart = new Uint8Array(wide * high);
  cut(known, knownPart);
  return { image: part, known: knownPart, width: wide, height: high };
}

/** ln of the power that blur and noise leave of a clean spectrum, a ring a value. */
function predicted({ frequency, power }: RadialSpectrum, blur: number, noise: number): number[] {
  return Array.from(power, (clean, i) => {
    // The Gaussian's transform, squared: exp(−4 π² f² σ²).
    const passed = Math.exp(-4 * (Math.PI * (frequency[i] ?? 0) * blur) ** 2);
    return Math.log(clean * passed + noise * noise + 1e-9);
  });
}

/** Root mean square of differences around their mean: a common factor of the powers doesn't count. */
function misfitOf(target: readonly number[], found: readonly number[]): number {
  const differences = target.map((value, i) => value - (found[i] ?? 0));
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / differences.length);
}

interface Found {
  readonly blur: number;
  readonly noise: number;
  readonly misfit: number;
}

/** The best of a grid of blur × noise, then of finer ones around it. */
function search(target: RadialSpectrum, clean: RadialSpectrum): Found {
  const wanted = Array.from(target.power, (power) => Math.log(power + 1e-9));
  let best: Found = { blur: 0, noise: 0, misfit: misfitOf(wanted, predicted(clean, 0, 0)) };
  const look = (blur: number, noise: number): void => {
    if (blur < 0 || blur > MOST_BLUR || noise < 0 || noise > MOST_NOISE) return;
    const misfit = misfitOf(wanted, predicted(clean, blur, noise));
    // A stronger damage must explain more than a weaker one.
    if (misfit < best.misfit - 1e-9) best = { blur, noise, misfit };
  };
  for (let blur = 0; blur <= MOST_BLUR; blur += 0.25)
    for (const noise of [0, ...Array.from({ length: 24 }, (_, i) => 0.02 * 1.3 ** i)])
      look(blur, noise);
  for (let round = 1; round <= 5; round += 1) {
    const { blur, noise } = best;
    const factor = 1.3 ** (0.5 ** round);
    for (const change of [-1, 0, 1])
      for (const scale of [1 / factor, 1, factor])
        look(blur + (change * 0.25) / 2 ** round, noise * scale);
  }
  return best;
}

/**
 * The blur and noise that make the radial spectrum of clean `pictures` that of
 * `stack` (free in a common factor), and the stack's histogram. Pictures are
 * on one grid, dark membranes, any contrast. Where no window shows tissue,
 * blur and noise are 0. null = the stack shows no tissue at all.
 */
export function fitLook(
  stack: readonly SeenPicture[],
  pictures: readonly SeenPicture[],
): Look | null {
  const step = Math.ceil(pictures.length / CLEAN_PICTURES);
  const clean = pictures.filter((_, i) => i % step === 0);
  const even = stack.map(middleOf).map(evenPicture);
  const samples = even.map(({ image, known }) => quantilesOf(image, known));
  const filled = samples.filter(({ length }) => length > 0);
  if (filled.length === 0) return null;
  const quantiles = Float32Array.from(
    { length: QUANTILES },
    (_, i) => filled.reduce((sum, one) => sum + (one[i] ?? 0), 0) / filled.length,
  );
  const side = windowFor([...stack, ...clean]);
  const target = side === 0 ? null : radialSpectrum(even, side, WINDOWS);
  const source =
    side === 0 ? null : radialSpectrum(clean.map(middleOf).map(evenPicture), side, WINDOWS);
  if (target === null || source === null) return { blur: 0, noise: 0, quantiles, misfit: 0 };
  return { ...search(target, source), quantiles };
}
