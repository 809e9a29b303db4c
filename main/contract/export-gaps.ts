import type { ExportedImage } from './entities';

/** What is known of the slices that are to be written. */
export interface KnownSlices {
  /** The model in use has predicted the slice. */
  readonly predicted: (z: number) => boolean;
  /** Labelled pixels of the slice. */
  readonly reviewed: (z: number) => number;
  /** Pixels of a slice. */
  readonly pixels: number;
}

/**
 * Of `slices` those for which there is not a value for every pixel: without a
 * prediction, and for the mask not labelled all over either. A label says of
 * every pixel whether somebody has looked, so classes and states of review
 * have no gaps. A confirmed label leaves classes beside membrane to their maps,
 * so the mask of one needs a prediction everywhere.
 */
export function gapsIn(
  what: ExportedImage,
  slices: readonly number[],
  { predicted, reviewed, pixels }: KnownSlices,
  of: 'membrane' | 'class' = 'membrane',
): number[] {
  switch (what) {
    case 'classes':
    case 'review':
      return [];
    case 'probability':
      return slices.filter((z) => !predicted(z));
    case 'mask':
      return slices.filter((z) => !predicted(z) && (of === 'class' || reviewed(z) < pixels));
  }
}
