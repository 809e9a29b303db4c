import { confirmed, INTERIOR, isConfirmed, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { isOwnClass, leavesToMap, shownClass } from '#contract/mask/class-mask';
import { emptyMix, lay, layChannels, pack } from '../draw/colour-mix';
import { firstByte } from '#contract/mask/membrane-mask';
import type { OverlayLook } from './overlay-look';
import { heat, uncertaintyOf } from './uncertainty';

/** Share of the mask's opacity for painted interior, while the review layer is hidden: the tissue stays clear, and a correction can be seen. */
const INTERIOR_TINT = 0.45;
/** Share of the review layer's opacity: painted pixels, and confirmed ones between the stripes. */
const PAINTED_TINT = 0.6;
const BETWEEN_STRIPES = 0.3;
/** While a comparison is shown the rest steps back. */
const DIMMED = 0.4;
/** A line covers less than a region, and may be stronger. */
const LINE_STRENGTH = 1.7;
/** Void: light stripes, and dark between them, so that it shows on any grey. */
const VOID_STRIPE = '#ffffff';
const VOID_BETWEEN = '#000000';
const VOID_BETWEEN_SHARE = 0.6;

/** Pixels without a prediction look up this column. */
export const NO_PREDICTION = 256;
/** Pixels on the line of the mask look up the column of their probability this much farther on. */
export const ON_LINE = 257;
export const COLUMNS = 513;

/** Which pixels of the mask a table is for: those of a filled mask, of its outline, or within the outline. */
export type MaskPart = 'fill' | 'line' | 'inside';

function colourOf(look: OverlayLook, id: number): string | null {
  if (look.hidden.has(id)) return null;
  const own = look.classes.find((one) => one.id === id)?.colour ?? null;
  return id === MEMBRANE ? (own ?? look.layers.mask.colour) : own;
}

/** Whether the mask has a pixel in this column. */
function isMembrane(column: number, from: number): boolean {
  return column >= ON_LINE || (column !== NO_PREDICTION && column >= from);
}

/** The classes of the user's own that a pixel is of, the one on top last; `found`: those whose maps reach their thresholds, the first on top. */
function ownClasses(label: number, found: readonly number[]): readonly number[] {
  const id = label & 0x7f;
  const own = isOwnClass(id) ? [id] : [];
  if (!leavesToMap(label)) return own;
  return [...found.filter((other) => other !== id).reverse(), ...own];
}

/** All overlay layers of a pixel as one packed colour. `column` = probability byte, ON_LINE more on the line, or NO_PREDICTION; `stripe`: the pixel lies on a stripe of the hatching; `found` as in `ownClasses`. */
function overlayPixel(
  look: OverlayLook,
  label: number,
  column: number,
  stripe: boolean,
  part: MaskPart,
  found: readonly number[],
): number {
  const { prediction, mask, review, uncertainty } = look.layers;
  const dim = look.comparedMask === null ? 1 : DIMMED;
  const predicted = column !== NO_PREDICTION;
  const probability = column >= ON_LINE ? column - ON_LINE : column;
  const mix = emptyMix();
  if (prediction.visible && predicted)
    lay(mix, prediction.colour, (prediction.opacity * dim * probability) / 255);
  const id = label & 0x7f;
  if (mask.visible) {
    const opacity = part === 'line' ? Math.min(1, mask.opacity * LINE_STRENGTH) : mask.opacity;
    const byPrediction = id === UNTOUCHED && isMembrane(column, firstByte(look.mask.pixel));
    const shown = byPrediction ? MEMBRANE : id;
    if (part !== 'inside') {
      const ids = [...ownClasses(label, found), ...(shown === MEMBRANE ? [MEMBRANE] : [])];
      // Where a pixel is of several, each shows: on the stripes the other way up.
      for (const own of stripe ? ids.reverse() : ids) {
        const colour = colourOf(look, own);
        if (colour !== null) lay(mix, colour, opacity * dim);
      }
    }
    if (shown === VOID) {
      if (stripe || part === 'line') lay(mix, VOID_STRIPE, opacity);
      else lay(mix, VOID_BETWEEN, opacity * VOID_BETWEEN_SHARE);
    } else if (shown === INTERIOR) {
      const colour = colourOf(look, INTERIOR);
      if (colour !== null && !isConfirmed(label) && !review.visible)
        lay(mix, colour, INTERIOR_TINT * mask.opacity * dim);
    }
  }
  if (uncertainty.visible && predicted && id === UNTOUCHED) {
    const unsure = uncertaintyOf(probability);
    layChannels(mix, heat(unsure, uncertainty.colour), uncertainty.opacity * unsure * dim);
  }
  if (review.visible && id !== UNTOUCHED) {
    const share = isConfirmed(label) ? (stripe ? 1 : BETWEEN_STRIPES) : PAINTED_TINT;
    lay(mix, review.colour, review.opacity * share);
  }
  return pack(mix);
}

/** Every label byte that may occur: no class, the fixed ones, and those of the project. */
function labelBytes(look: OverlayLook): number[] {
  const ids = new Set([UNTOUCHED, INTERIOR, MEMBRANE, VOID, ...look.classes.map(({ id }) => id)]);
  return [...ids].flatMap((id) => [id, confirmed(id)]);
}

/** Packed colours by (label byte, probability byte), COLUMNS a label: one table for pixels on a stripe, one for those between. `found`: the classes whose maps have the pixels that it is for. */
export class OverlayTable {
  readonly on = new Uint32Array(256 * COLUMNS);
  readonly between = new Uint32Array(256 * COLUMNS);

  constructor(look: OverlayLook, part: MaskPart, found: readonly number[]) {
    for (const label of labelBytes(look)) {
      for (let column = 0; column < COLUMNS; column += 1) {
        const at = label * COLUMNS + column;
        this.on[at] = overlayPixel(look, label, column, true, part, found);
        this.between[at] = overlayPixel(look, label, column, false, part, found);
      }
    }
  }
}

/** Ids that the outline tells apart, by (label byte, probability byte): the one class that a pixel shows, 0 for interior, for nothing and for what is hidden. */
export function outlinedIds(look: OverlayLook, found: readonly number[]): Uint8Array {
  const ids = new Uint8Array(256 * COLUMNS);
  const from = firstByte(look.mask.pixel);
  const seen = (label: number, membrane: boolean): number => {
    const id = shownClass(label, membrane, found[0] ?? 0);
    if (!look.hidden.has(id)) return id;
    // Under a hidden membrane a class goes on.
    return leavesToMap(label) && id === MEMBRANE ? (found[0] ?? 0) : 0;
  };
  for (const label of labelBytes(look)) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const id = seen(label, isMembrane(column, from));
      ids[label * COLUMNS + column] = id === INTERIOR ? 0 : id;
    }
  }
  return ids;
}
