import { ModelError } from '../errors';

/** What is said about one class of a slice, row by row. */
export interface ClassPlane {
  /** 1 where the pixel is of the class. */
  readonly target: Uint8Array;
  /** How much a pixel counts; 0 = nobody has said whether it is of the class. */
  readonly weight: Float32Array | Uint8Array;
}

/** A slice to learn from, row by row, all arrays width × height. */
export interface TrainingSlice {
  /** Normalised. */
  readonly image: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  /** 1 membrane, 0 not. */
  readonly target: Uint8Array;
  /** How much a pixel counts; 0 = nobody has said what it is. */
  readonly weight: Float32Array | Uint8Array;
  /** How surely it is membrane, in [0, 1], to be learnt in place of `target`: what a model said that is to go on saying it. */
  readonly soft?: Float32Array;
  /** The classes behind membrane, in the order of the network's maps; about those that are null or left out nothing is said. */
  readonly others?: readonly (ClassPlane | null)[];
  /** Crops are cut around pixels other than 0 here; around those with a weight where left out. */
  readonly focus?: Uint8Array;
  /** What the sampling plan knows it by (`labels`, `new-strokes`, `earlier`, `replay`, …). */
  readonly group: string;
}

/** What is true of one class of a validation slice; everywhere without `weight`. */
export interface ClassTruth {
  readonly target: Uint8Array;
  readonly weight?: Float32Array | Uint8Array;
}

/** A slice to validate on; without `weight` its truth is dense, so V_Info can be taken. */
export interface ValidationSlice {
  readonly image: Float32Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly target: Uint8Array;
  readonly weight?: Float32Array | Uint8Array;
  /** The classes behind membrane, as `TrainingSlice` has them. */
  readonly others?: readonly (ClassTruth | null)[];
}

/** Fewer defined pixels than this of either class teach nothing: about one short brush stroke. */
const fewestPixels = 64;

/**
 * Refuses pixels that are no numbers: one of them would turn every weight of
 * the network into none. Throws `training.bad-input`.
 */
export function checkPixels(
  slices: readonly (TrainingSlice | ValidationSlice)[],
  purpose: 'train' | 'validate',
): void {
  slices.forEach(({ image, weight }, index) => {
    const parts = { image, 'label weights': weight };
    for (const [what, values] of Object.entries(parts)) {
      if (values === undefined || values instanceof Uint8Array) continue;
      const bad = values.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
      if (bad === 0) continue;
      throw new ModelError(
        'training.bad-input',
        `${bad} pixels in the ${what} of slice ${index + 1} of the ${slices.length} to ${purpose} on hold no number (NaN or infinite).`,
        {
          hint: 'Leave this slice out, or replace those pixels in the program that made the stack (as 8 or 16 bit there can be none), then train again.',
          data: { part: what, index, pixels: bad },
        },
      );
    }
  });
}

/** Refuses label sets that can't teach anything: throws `labels.none` or `labels.one-class`. */
export function checkLabels(slices: readonly TrainingSlice[]): void {
  let membrane = 0;
  let interior = 0;
  for (const { target, weight } of slices) {
    for (let i = 0; i < target.length; i++) {
      if (!((weight[i] ?? 0) > 0)) continue;
      if (target[i] === 1) membrane++;
      else interior++;
    }
  }
  const data = { membranePixels: membrane, interiorPixels: interior };
  if (membrane + interior < fewestPixels) {
    throw new ModelError(
      'labels.none',
      `There is next to nothing to learn from: ${membrane + interior} labelled pixels.`,
      {
        hint: 'Paint some membrane and some cell interior, or confirm a region that is right, then train again.',
        data,
      },
    );
  }
  if (membrane < fewestPixels || interior < fewestPixels) {
    const missing = membrane < fewestPixels ? 'membrane' : 'cell interior';
    throw new ModelError(
      'labels.one-class',
      `The labels show almost no ${missing} (${Math.min(membrane, interior)} pixels), so the network can't learn the difference.`,
      {
        hint: `Paint a few places of ${missing} as well, or check that the label file is not inverted.`,
        data,
      },
    );
  }
}
