import {
  addStrokeErrors,
  noStrokeErrors,
  pseudoLabels,
  type CheckableSlice,
  type StrokeErrors,
} from '#main/corrections/training-set';
import { meanAgreement } from '#model/conditioning/cell-agreement';
import {
  addFlip,
  flipScore,
  noFlipSums,
  predictPair,
  type MapPair,
} from '#model/conditioning/flip';
import type { Engine } from '#model/engines/engine';
import { SlicePredictor, type NormalisedSlice } from '#model/inference/predictor';
import { lineWidth } from '#model/metrics/line-width';
import type { Network } from '#model/network/network';

/** A slice as the network sees it, and where it holds tissue (null = everywhere). */
export interface SeenSlice extends NormalisedSlice {
  readonly z: number;
  readonly known: Uint8Array<ArrayBuffer> | null;
}

/** A slice with strokes, some to train on and some that were kept from training. */
export interface StrokedSlice extends SeenSlice {
  readonly trained: CheckableSlice;
  readonly held: CheckableSlice;
}

export interface StrokeCheck {
  readonly trained: StrokeErrors;
  readonly held: StrokeErrors;
}

export const noStrokes: StrokeCheck = { trained: noStrokeErrors, held: noStrokeErrors };

/** Adds a slice's strokes as a version's own labels have them. */
export function addStrokes(
  { trained, held }: StrokeCheck,
  sure: Uint8Array,
  slice: Pick<StrokedSlice, 'trained' | 'held'>,
): StrokeCheck {
  return {
    trained: addStrokeErrors(trained, sure, slice.trained),
    held: addStrokeErrors(held, sure, slice.held),
  };
}

/** What a version makes of slices without labels. */
export interface UntouchedCheck {
  /** At the threshold for cells. */
  readonly cells: number;
  /** Mean |p(x) − p(xᵀ)ᵀ| over the share above one half; null where nothing is. */
  readonly flips: number | null;
  /** V_Info both ways between the cells of the answers to a slice and to its transpose, at the threshold for cells. */
  readonly agreement: number;
  /** Mean width of a line in pixels, at the pixel threshold. */
  readonly lineWidth: number;
}

/** A version and its thresholds, which are not chosen anew for what is checked. */
export interface CheckedVersion {
  readonly engine: Engine;
  readonly network: Network;
  readonly weights: Float32Array<ArrayBuffer>;
  readonly thresholds: { readonly topology: number; readonly pixel: number };
  readonly signal: AbortSignal;
}

/** How a version has the strokes of slices, predicted without them. */
export async function checkStrokes(
  slices: readonly StrokedSlice[],
  { engine, network, weights, thresholds, signal }: CheckedVersion,
): Promise<StrokeCheck> {
  const predictor = new SlicePredictor(engine, network, weights);
  let sum = noStrokes;
  try {
    for (const slice of slices) {
      const map = await predictor.predict(slice, { signal });
      sum = addStrokes(sum, pseudoLabels(map, thresholds), slice);
    }
  } finally {
    predictor.dispose();
  }
  return sum;
}

/** Cells, flip disagreement and line width on slices without labels; null without any. */
export async function checkUntouched(
  slices: readonly SeenSlice[],
  { engine, network, weights, thresholds, signal }: CheckedVersion,
): Promise<UntouchedCheck | null> {
  if (slices.length === 0) return null;
  const predictor = new SlicePredictor(engine, network, weights);
  const pairs: MapPair[] = [];
  try {
    for (const slice of slices) {
      const predict = (picture: NormalisedSlice): Promise<Float32Array<ArrayBuffer>> =>
        predictor.predict(picture, { signal });
      pairs.push(await predictPair(predict, slice, slice.known));
    }
  } finally {
    predictor.dispose();
  }
  const { disagreement } = flipScore(pairs.reduce(addFlip, noFlipSums));
  const widths = pairs.map(({ map, width, height }) =>
    lineWidth(map, thresholds.pixel, width, height),
  );
  const { cells, vInfo: agreement } = meanAgreement(pairs, thresholds.topology);
  return {
    cells,
    agreement,
    flips: Number.isFinite(disagreement) ? disagreement : null,
    lineWidth: widths.reduce((sum, width) => sum + width, 0) / widths.length,
  };
}

/** Pixels of an untouched slice that are looked at, four times each: some 70 cells of VNC. */
const MOST_LOOKED_AT = 2 ** 19;

/** The middle of a slice, all of it where it has at most 724² pixels. */
export function middleOf(slice: SeenSlice): SeenSlice {
  const { width, height } = slice;
  const share = Math.sqrt(MOST_LOOKED_AT / (width * height));
  if (share >= 1) return slice;
  const part = { width: Math.floor(width * share), height: Math.floor(height * share) };
  const left = Math.floor((width - part.width) / 2);
  const top = Math.floor((height - part.height) / 2);
  const image = new Float32Array(part.width * part.height);
  const known = slice.known === null ? null : new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y += 1) {
    const from = (top + y) * width + left;
    image.set(slice.image.subarray(from, from + part.width), y * part.width);
    known?.set(slice.known?.subarray(from, from + part.width) ?? [], y * part.width);
  }
  return { z: slice.z, image, known, ...part };
}
