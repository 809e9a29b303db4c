import { classOf, INTERIOR, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import type { TileAddress } from '#contract/tiles';

/** What a model takes for membrane on one slice. */
export interface PredictedMembrane {
  /** Membrane where a byte is at least this. */
  readonly from: number;
  /** A byte of the mask for every pixel of a tile, row-major; null = nothing is predicted there. */
  probabilities(tile: TileAddress): Uint8Array | null;
}

/**
 * What becomes of a label when what is seen is erased. Membrane, painted,
 * confirmed or predicted, becomes painted interior: that is the correction
 * which the model can learn. Interior is what erasing leads to, so it stays.
 * Void and the user's own classes lie on top of the tissue: they come off, and
 * what lies beneath shows again. Where nobody has painted and no membrane is
 * predicted there is nothing to erase.
 */
export function erasedLabel(label: number, predictedMembrane: boolean): number {
  switch (classOf(label)) {
    case UNTOUCHED:
      return predictedMembrane ? INTERIOR : label;
    case INTERIOR:
      return label;
    case MEMBRANE:
      return INTERIOR;
    default:
      return UNTOUCHED;
  }
}

/** `erasedLabel` of every label byte: at `label` without, at 256 + `label` with membrane predicted. */
export const erasedLabels: Uint8Array = Uint8Array.from({ length: 512 }, (_, i) =>
  erasedLabel(i & 0xff, i >= 256),
);
