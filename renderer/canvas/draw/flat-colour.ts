import type { RawColour } from './raw-colour';
import type { RawPixels } from './pixel-views';

const OPAQUE = 0xff000000;
const BYTES = 256;

/**
 * Raw values with a prediction over them as one opaque picture: what
 * `OverlayColour` lays over a pixel that nobody has looked at, by its
 * probability, blended with each grey beforehand. One lookup a pixel instead of
 * two pictures laid over each other.
 */
export class FlatColour {
  /** By grey × 256 + probability byte. */
  readonly #blended = new Uint32Array(BYTES * BYTES);

  /** `over` = packed overlay colours by probability byte. */
  constructor(over: Uint32Array) {
    for (let probability = 0; probability < BYTES; probability += 1) {
      const pixel = over[probability] ?? 0;
      const alpha = (pixel >>> 24) / 255;
      const [red, green, blue] = [pixel & 255, (pixel >>> 8) & 255, (pixel >>> 16) & 255];
      for (let grey = 0; grey < BYTES; grey += 1) {
        const mixed = (channel: number): number => Math.round(grey + (channel - grey) * alpha);
        const packed = (mixed(blue) << 16) | (mixed(green) << 8) | mixed(red);
        this.#blended[grey * BYTES + probability] = (OPAQUE | packed) >>> 0;
      }
    }
  }

  /** Colours all of `pixels` into `out`; three arrays of one length. */
  colour(raw: RawColour, pixels: RawPixels, probability: Uint8Array, out: Uint32Array): void {
    raw.colour(pixels, out);
    const table = this.#blended;
    for (let i = 0; i < out.length; i += 1)
      out[i] = table[(((out[i] ?? 0) & 255) << 8) | (probability[i] ?? 0)] ?? OPAQUE;
  }
}
