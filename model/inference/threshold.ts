/** Probabilities in [0, 1] as bytes, 255 = 1: the form that is kept on disk. */
export function probabilityBytes(probability: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(probability, (value) => Math.round(value * 255));
}

/** 1 where the probability is at least the threshold, else 0. */
export function thresholdMask(
  probability: Float32Array,
  threshold: number,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(probability, (value) => (value >= threshold ? 1 : 0));
}
