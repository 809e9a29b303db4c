import type { NormalisedSlice } from '../inference/predictor';

/** Where in a picture to look: the middle of a crop as shares of its sides, and the crop's side in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** One a slice, off each other's rows, columns and diagonals, so that shade along any of them is met. */
const middles = [
  [0.25, 0.4],
  [0.55, 0.8],
  [0.8, 0.15],
] as const;

/** Sides in pixels of the stack's own grid; membranes of a few dozen cells lie in either. */
const sides = { small: 256, large: 320 } as const;

/** The places to look at on the `index`-th slice, the likeliest first; `scale` enlarges what is looked at as it does the slice. */
export function placesFor(index: number, size: 'small' | 'large', scale: number): readonly Place[] {
  const side = Math.min(sides.large, Math.round(sides[size] * scale));
  return middles.map((_, turn) => {
    const [x, y] = middles[(index + turn) % middles.length] ?? middles[0];
    return { x, y, side };
  });
}

export interface Crop {
  readonly crop: NormalisedSlice;
  /** 1 where the crop is known; null = everywhere. */
  readonly known: Uint8Array<ArrayBuffer> | null;
}

/** Cuts the first place of which at least this share is known, or the best known of them. */
const ENOUGH = 0.8;

/** A crop of a picture at the best of several places; a smaller picture is taken whole. */
export function cropOf(
  picture: NormalisedSlice,
  known: Uint8Array<ArrayBuffer> | null,
  places: readonly Place[],
): Crop {
  let best: { readonly crop: Crop; readonly share: number } | null = null;
  for (const place of places) {
    const crop = cut(picture, known, place);
    const share = knownShare(crop.known);
    if (best === null || share > best.share) best = { crop, share };
    if (share >= ENOUGH) break;
  }
  return best?.crop ?? { crop: picture, known };
}

function knownShare(known: Uint8Array | null): number {
  if (known === null) return 1;
  let count = 0;
  for (const one of known) count += one === 1 ? 1 : 0;
  return count / known.length;
}

function cut(
  { image, width, height }: NormalisedSlice,
  known: Uint8Array<ArrayBuffer> | null,
  { x, y, side }: Place,
): Crop {
  const wide = Math.min(side, width);
  const high = Math.min(side, height);
  const left = Math.min(width - wide, Math.max(0, Math.round(x * width - wide / 2)));
  const top = Math.min(height - high, Math.max(0, Math.round(y * height - high / 2)));
  const part = new Float32Array(wide * high);
  const own = known === null ? null : new Uint8Array(wide * high);
  for (let row = 0; row < high; row += 1) {
    const from = (top + row) * width + left;
    part.set(image.subarray(from, from + wide), row * wide);
    if (known !== null) own?.set(known.subarray(from, from + wide), row * wide);
  }
  return { crop: { image: part, width: wide, height: high }, known: own };
}
