import { framedMask, type FramedMask } from './components';

/** One slice to score. `truth` is 1 on membrane, row by row. Region scores need the truth of every pixel. */
export interface ScoredSlice {
  readonly probability: Float32Array;
  readonly truth: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Pixels with 0 are left out: nobody knows what is there. Cells go on across them. */
  readonly weight?: Float32Array | Uint8Array;
}

/** The cells of the truth. */
export const trueMask = ({ truth, width, height }: ScoredSlice): FramedMask =>
  framedMask(truth, 1, width, height);

/** The cells of the prediction at a threshold. */
export const predictedMask = (
  { probability, width, height }: ScoredSlice,
  threshold: number,
): FramedMask => framedMask(probability, threshold, width, height);

/** Places of a frame that are left out. */
export function leftOut({ weight, width, height }: ScoredSlice): readonly number[] {
  const places: number[] = [];
  for (let i = 0; weight !== undefined && i < width * height; i++)
    if (weight[i] === 0) places.push(((i % width) + 1) * (height + 2) + Math.floor(i / width) + 1);
  return places;
}
