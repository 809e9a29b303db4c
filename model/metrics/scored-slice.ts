/** One slice to score. `truth` is 1 on membrane, row by row. Region scores need the truth of every pixel. */
export interface ScoredSlice {
  readonly probability: Float32Array;
  readonly truth: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Pixels with 0 are left out of the pixel scores. */
  readonly weight?: Float32Array | Uint8Array;
}

/** 1 inside a cell, 0 on membrane: the same comparison as the mask that is shown, also at ties. */
export function interiorOf(probability: Float32Array, threshold: number): Uint8Array {
  const interior = new Uint8Array(probability.length);
  for (let i = 0; i < interior.length; i++)
    interior[i] = (probability[i] ?? 0) >= threshold ? 0 : 1;
  return interior;
}

/** 1 inside a true cell, 0 on membrane. */
export function trueInterior(truth: Uint8Array): Uint8Array {
  const interior = new Uint8Array(truth.length);
  for (let i = 0; i < interior.length; i++) interior[i] = truth[i] === 0 ? 1 : 0;
  return interior;
}
