import { framedMask, type FramedMask } from './components';

/** One slice to score. `truth` is 1 on membrane, row by row. Region scores need the truth of every pixel. */
export interface ScoredSlice {
  readonly probability: Float32Array;
  readonly truth: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Pixels with 0 are left out of the pixel scores. */
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
