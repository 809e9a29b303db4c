import { classOf, INTERIOR, isConfirmed, MEMBRANE, UNTOUCHED } from '#contract/label-byte';
import { isOwnClass } from '#contract/mask/class-mask';
import type { TileAddress } from '#contract/tiles';

/** What is predicted on a tile, row-major. */
export interface PredictedTile {
  /** A byte of the mask for every pixel. */
  readonly membrane: Uint8Array;
  /** Membrane where such a byte is at least this. */
  readonly from: number;
  /** The class of the user's own that each pixel shows by its map, 0 = none; null = none anywhere. */
  readonly classes: Uint8Array | null;
}

/** What a model shows on one slice; null = nothing is predicted on that tile. */
export type PredictedMask = (tile: TileAddress) => PredictedTile | null;

/** What is predicted at a pixel, and seen where nothing is painted: nothing, membrane, or a class of the user's own. */
const predictions = ['nothing', 'membrane', 'class'] as const;
export type Predicted = (typeof predictions)[number];

/** The place in `predictions` of what is predicted at pixel `i` of a tile. A class may lie under membrane, and counts. */
export function predictedAt(tile: PredictedTile | null, i: number): 0 | 1 | 2 {
  if (tile === null) return 0;
  if (tile.classes !== null && tile.classes[i] !== 0) return 2;
  return (tile.membrane[i] ?? 0) >= tile.from ? 1 : 0;
}

/**
 * What becomes of a label when what is seen is erased. Membrane, painted,
 * confirmed or predicted, and a predicted class of the user's own become
 * painted interior: that is the correction which the model can learn. Interior
 * is what erasing leads to, so it stays, but where a class lies over what was
 * confirmed. Void and the user's own classes lie on top of the tissue: they come
 * off, and what lies beneath shows again, unless that is a class as well.
 * Where nobody has painted and nothing is predicted there is nothing to erase.
 */
export function erasedLabel(label: number, predicted: Predicted): number {
  const id = classOf(label);
  switch (id) {
    case UNTOUCHED:
      return predicted === 'nothing' ? label : INTERIOR;
    case INTERIOR:
      return predicted === 'class' && isConfirmed(label) ? INTERIOR : label;
    case MEMBRANE:
      return INTERIOR;
    default:
      return predicted === 'class' && isOwnClass(id) ? INTERIOR : UNTOUCHED;
  }
}

/** `erasedLabel` of every label byte: at 256 × `predictedAt` + `label`. */
export const erasedLabels: Uint8Array = Uint8Array.from({ length: 768 }, (_, i) =>
  erasedLabel(i & 0xff, predictions[i >> 8] ?? 'nothing'),
);
