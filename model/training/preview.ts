import type { Engine } from '../engines/engine';
import { probabilityBytes } from '../inference/probability-bytes';
import { SlicePredictor } from '../inference/predictor';
import type { Network } from '../network/network';
import type { TrainingSlice, ValidationSlice } from './training-slice';

/** Three grey pictures of one place, row by row: what the network sees, should say and says. */
export interface Preview {
  readonly width: number;
  readonly height: number;
  readonly feature: Uint8Array<ArrayBuffer>;
  /** 255 = membrane; 128 = not defined. */
  readonly target: Uint8Array<ArrayBuffer>;
  /** 255 = certainly membrane. */
  readonly prediction: Uint8Array<ArrayBuffer>;
}

/** Deviations from the mean that the feature picture shows to either side of mid grey. */
const shownDeviations = 2.5;
const undefinedGrey = 128;

/** Predicts the middle of a slice, at most `side` pixels wide and high. */
export async function previewOf(
  engine: Engine,
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  slice: TrainingSlice | ValidationSlice,
  side: number,
): Promise<Preview> {
  const width = Math.min(side, slice.width);
  const height = Math.min(side, slice.height);
  const left = Math.floor((slice.width - width) / 2);
  const top = Math.floor((slice.height - height) / 2);
  const image = new Float32Array(width * height);
  const feature = new Uint8Array(width * height);
  const target = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const source = (top + y) * slice.width + left + x;
      const at = y * width + x;
      const value = slice.image[source] ?? 0;
      image[at] = value;
      feature[at] = Math.max(
        0,
        Math.min(255, Math.round(127.5 + (value * 127.5) / shownDeviations)),
      );
      const defined = slice.weight === undefined || (slice.weight[source] ?? 0) > 0;
      target[at] = defined ? (slice.target[source] === 1 ? 255 : 0) : undefinedGrey;
    }
  }
  const predictor = new SlicePredictor(engine, network, weights);
  try {
    const maps = await predictor.predict({ image, width, height });
    return {
      width,
      height,
      feature,
      target,
      prediction: probabilityBytes(maps.subarray(0, width * height)),
    };
  } finally {
    predictor.dispose();
  }
}
