/** Probabilities in [0, 1] as bytes, 255 = 1: the form that is kept on disk. */
export function probabilityBytes(probability: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(probability, (value) => Math.round(value * 255));
}
