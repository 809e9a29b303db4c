import type { MaskThresholds } from '#contract/entities';
import type { FoundClass, Layers } from '../view-types';

/** What the overlay's colours depend on. */
export interface OverlayLook {
  readonly layers: Layers;
  /** Colours of the classes; a membrane that is not among them takes the mask layer's. */
  readonly classes: readonly { readonly id: number; readonly colour: string }[];
  readonly mask: MaskThresholds;
  /** Classes of the user's own that the version knows, in the order in which they are drawn, the first on top. */
  readonly found: readonly FoundClass[];
  /** Classes whose pixels are not drawn, by their numbers in the labels. */
  readonly hidden: ReadonlySet<number>;
  /** Of the earlier mask that is compared with; null = no comparison. */
  readonly comparedMask: MaskThresholds | null;
  /** The mask as its outline instead of filled. */
  readonly contour: boolean;
  /** The truth as its differences from the mask instead of filled. */
  readonly differences: boolean;
}

/** The tiles that an overlay is made of, TILE_SIZE² bytes each; null = none there. */
export interface OverlayTiles {
  readonly labels: Uint8Array | null;
  readonly probability: Uint8Array | null;
  /** Probability of each of the look's `found`; left out where there is none. */
  readonly classes?: readonly (Uint8Array | null)[];
  /** Not 0 on the line of the mask. */
  readonly line: Uint8Array | null;
  /** Probability under the earlier model that is compared with, 255 on the line of its mask. */
  readonly earlier: Uint8Array | null;
  /** Share of the pixel that is membrane in the truth, as a byte. */
  readonly truth: Uint8Array | null;
}
