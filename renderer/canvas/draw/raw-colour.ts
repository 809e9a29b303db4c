import type { RawPixels } from '../chunks/tile-source';

/** Raw values shown black and white, and the bend between. */
export interface RawWindow {
  readonly min: number;
  readonly max: number;
  /** 1 = straight; above 1 lifts the dark parts. */
  readonly gamma: number;
  /** `min` white and `max` black instead. */
  readonly invert: boolean;
}

const STEPS = 256;
const OPAQUE = 0xff000000;

/** The brightness 0…1 of a value that lies `part` of the way from `min` to `max`. */
export function brightness(
  part: number,
  { gamma, invert }: Omit<RawWindow, 'min' | 'max'>,
): number {
  const clamped = part > 0 ? Math.min(1, part) : 0;
  const bent = gamma === 1 ? clamped : clamped ** (1 / gamma);
  return invert ? 1 - bent : bent;
}

function grey(part: number, window: RawWindow): number {
  const value = Math.round(255 * brightness(part, window));
  return (OPAQUE | (value << 16) | (value << 8) | value) >>> 0;
}

/** Turns raw values into opaque grey RGBA pixels (little-endian) through a window. */
export class RawColour {
  readonly #window: RawWindow;
  readonly #steps: Uint32Array;
  #bytes: Uint32Array | undefined;
  #words: Uint32Array | undefined;

  constructor(window: RawWindow) {
    this.#window = window;
    this.#steps = Uint32Array.from({ length: STEPS }, (_, i) => grey(i / (STEPS - 1), window));
  }

  /** Colours all of `pixels` into `out`, of the same length. */
  colour(pixels: RawPixels, out: Uint32Array): void {
    if (pixels instanceof Uint8Array || pixels instanceof Int8Array) {
      const offset = pixels instanceof Int8Array ? 128 : 0;
      this.#bytes ??= this.#table(256, offset);
      look(pixels, offset, this.#bytes, out);
    } else if (pixels instanceof Uint16Array || pixels instanceof Int16Array) {
      const offset = pixels instanceof Int16Array ? 32_768 : 0;
      this.#words ??= this.#table(65_536, offset);
      look(pixels, offset, this.#words, out);
    } else this.#scale(pixels, out);
  }

  #table(size: number, offset: number): Uint32Array {
    const { min, max } = this.#window;
    const span = max > min ? max - min : 1;
    return Uint32Array.from({ length: size }, (_, i) =>
      grey((i - offset - min) / span, this.#window),
    );
  }

  #scale(pixels: RawPixels, out: Uint32Array): void {
    const { min, max } = this.#window;
    const factor = (STEPS - 1) / (max > min ? max - min : 1);
    for (let i = 0; i < pixels.length; i += 1) {
      const step = ((pixels[i] ?? 0) - min) * factor + 0.5;
      // The comparisons send NaN to `min` too, and keep huge values from wrapping.
      const index = step >= STEPS - 1 ? STEPS - 1 : step > 0 ? step | 0 : 0;
      out[i] = this.#steps[index] ?? OPAQUE;
    }
  }
}

function look(pixels: RawPixels, offset: number, table: Uint32Array, out: Uint32Array): void {
  for (let i = 0; i < pixels.length; i += 1) out[i] = table[(pixels[i] ?? 0) + offset] ?? OPAQUE;
}
