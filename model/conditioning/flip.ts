import { turned, turnedBack } from '../inference/dihedral';
import type { NormalisedSlice } from '../inference/predictor';

/**
 * A network's answer to a picture and to its transpose, the second turned
 * back. Membrane probabilities in [0, 1], row by row.
 */
export interface MapPair {
  readonly map: Float32Array<ArrayBuffer>;
  readonly other: Float32Array<ArrayBuffer>;
  /** 1 where the picture is known; null = everywhere. */
  readonly known: Uint8Array<ArrayBuffer> | null;
  readonly width: number;
  readonly height: number;
}

/** Sums over the pixels of pairs, from which their disagreement follows. */
export interface FlipSums {
  readonly pixels: number;
  /** Of |p − q|. */
  readonly apart: number;
  /** Pixels above one half, the mean of both maps. */
  readonly membrane: number;
}

export const noFlipSums: FlipSums = { pixels: 0, apart: 0, membrane: 0 };

/** How little an answer depends on the way a picture lies. */
export interface FlipScore {
  /** Mean |p − q| over the share above one half; 0 = the same answer, infinite where nothing is above. */
  readonly disagreement: number;
  /** Share of the known pixels above one half, in [0, 1]. */
  readonly share: number;
}

/** Predicts a picture as it lies and transposed. */
export async function predictPair(
  predict: (slice: NormalisedSlice) => Promise<Float32Array<ArrayBuffer>>,
  { image, width, height }: NormalisedSlice,
  known: Uint8Array<ArrayBuffer> | null,
): Promise<MapPair> {
  const TRANSPOSED = 4;
  const membrane = (maps: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
    maps.length === width * height ? maps : maps.slice(0, width * height);
  const map = membrane(await predict({ image, width, height }));
  const { values, ...size } = turned({ values: image, width, height }, TRANSPOSED);
  const turnedMap = membrane(await predict({ image: values, ...size }));
  const other = turnedBack({ values: turnedMap, ...size }, TRANSPOSED).values;
  return { map, other, known, width, height };
}

/** Adds the known pixels of a pair to sums. */
export function addFlip(sums: FlipSums, { map, other, known }: MapPair): FlipSums {
  let { pixels, apart, membrane } = sums;
  for (let at = 0; at < map.length; at += 1) {
    if (known !== null && known[at] !== 1) continue;
    const p = map[at] ?? 0;
    const q = other[at] ?? 0;
    pixels += 1;
    apart += Math.abs(p - q);
    membrane += (p > 0.5 ? 0.5 : 0) + (q > 0.5 ? 0.5 : 0);
  }
  return { pixels, apart, membrane };
}

/** The score of all pixels that were added; disagreement is NaN where there were none. */
export function flipScore({ pixels, apart, membrane }: FlipSums): FlipScore {
  return {
    disagreement: pixels === 0 ? Number.NaN : apart / membrane,
    share: pixels === 0 ? 0 : membrane / pixels,
  };
}
