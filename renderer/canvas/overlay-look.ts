import type { Layers } from './view-types';

/** What the overlay's colours depend on. */
export interface OverlayLook {
  readonly layers: Layers;
  /** Colours of the classes; a membrane that is not among them takes the mask layer's. */
  readonly classes: readonly { readonly id: number; readonly colour: string }[];
  /** Membrane from this probability (0…1) on. */
  readonly threshold: number;
  /** Threshold of the earlier mask that is compared with; null = no comparison. */
  readonly comparedThreshold: number | null;
  /** The mask as its outline instead of filled. */
  readonly contour: boolean;
  /** The truth as its differences from the mask instead of filled. */
  readonly differences: boolean;
}

/** The tiles that an overlay is made of, TILE_SIZE² bytes each; null = none there. */
export interface OverlayTiles {
  readonly labels: Uint8Array | null;
  readonly probability: Uint8Array | null;
  /** Probability under the earlier model that is compared with. */
  readonly earlier: Uint8Array | null;
  /** Share of the pixel that is membrane in the truth, as a byte. */
  readonly truth: Uint8Array | null;
}

/** Smallest probability byte that counts as membrane; the mask on screen and the confirmed labels agree on it. */
export function membraneFrom(threshold: number): number {
  return threshold * 255;
}
