import { confirmed, INTERIOR, isConfirmed, MEMBRANE, UNTOUCHED, VOID } from '#contract/label-byte';
import { TILE_SIZE, type Rect } from '#contract/tiles';
import type { Layers } from './view-types';

/** Smallest probability byte that counts as membrane; the mask on screen and the confirmed labels agree on it. */
export function membraneFrom(threshold: number): number {
  return threshold * 255;
}

/** What the overlay's colours depend on. */
export interface OverlayLook {
  readonly layers: Layers;
  /** Colours of the user's own classes; membrane takes the mask layer's. */
  readonly classes: readonly { readonly id: number; readonly colour: string }[];
  readonly threshold: number;
  /** Threshold of the earlier mask that is compared with; null = no comparison. */
  readonly comparedThreshold: number | null;
}

/** Painted interior, while the review layer is hidden: a breath of its colour, so that a correction can be seen. */
const INTERIOR_TINT = 0.28;
/** Share of the review layer's opacity: painted pixels, and confirmed ones between the stripes. */
const PAINTED_TINT = 0.6;
const BETWEEN_STRIPES = 0.3;
/** While a comparison is shown the rest steps back. */
const DIMMED = 0.4;
const CHANGED_OPACITY = 0.85;
const GAINED = '#cc79a7';
const LOST = '#0072b2';
const VOID_GREY = '#999999';

interface Mix {
  red: number;
  green: number;
  blue: number;
  alpha: number;
}

function lay(mix: Mix, colour: string, alpha: number): void {
  if (alpha <= 0) return;
  const rgb = Number.parseInt(colour.slice(1), 16);
  const sum = alpha + mix.alpha * (1 - alpha);
  const share = alpha / sum;
  mix.red += (((rgb >> 16) & 255) - mix.red) * share;
  mix.green += (((rgb >> 8) & 255) - mix.green) * share;
  mix.blue += ((rgb & 255) - mix.blue) * share;
  mix.alpha = sum;
}

function pack(mix: Mix): number {
  return (
    ((Math.round(mix.alpha * 255) << 24) |
      (Math.round(mix.blue) << 16) |
      (Math.round(mix.green) << 8) |
      Math.round(mix.red)) >>>
    0
  );
}

/** Pixels without a prediction look up this column. */
const NO_PREDICTION = 256;
const COLUMNS = 257;

/**
 * All overlay layers of a pixel as one colour, looked up by (label byte,
 * probability byte): one table for pixels on a stripe, one for those between.
 */
export class OverlayColour {
  readonly #on = new Uint32Array(256 * COLUMNS);
  readonly #between = new Uint32Array(256 * COLUMNS);
  readonly #from: number;
  readonly #comparedFrom: number | null;
  readonly #gained: number;
  readonly #lost: number;

  constructor(look: OverlayLook) {
    this.#from = membraneFrom(look.threshold);
    this.#comparedFrom =
      look.comparedThreshold === null ? null : membraneFrom(look.comparedThreshold);
    this.#gained = pack(laid(GAINED, CHANGED_OPACITY));
    this.#lost = pack(laid(LOST, CHANGED_OPACITY));
    const classes = [UNTOUCHED, INTERIOR, MEMBRANE, VOID, ...look.classes.map(({ id }) => id)];
    for (const label of classes.flatMap((id) => [id, confirmed(id)])) {
      for (let column = 0; column < COLUMNS; column += 1) {
        const at = label * COLUMNS + column;
        this.#on[at] = this.#mix(look, label, column, true);
        this.#between[at] = this.#mix(look, label, column, false);
      }
    }
  }

  /** Colours a rectangle of a tile into the same place of `out` (TILE_SIZE² RGBA pixels, little-endian). */
  colour(
    labels: Uint8Array | null,
    probability: Uint8Array | null,
    earlier: Uint8Array | null,
    rect: Rect,
    out: Uint32Array,
  ): void {
    const on = this.#on;
    const between = this.#between;
    if (!labels && probability) {
      for (let y = rect.y; y < rect.y + rect.height; y += 1) {
        const end = y * TILE_SIZE + rect.x + rect.width;
        for (let i = y * TILE_SIZE + rect.x; i < end; i += 1)
          out[i] = between[probability[i] ?? 0] ?? 0;
      }
      if (earlier) this.#compare(labels, probability, earlier, rect, out);
      return;
    }
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      const row = y * TILE_SIZE;
      for (let x = rect.x; x < rect.x + rect.width; x += 1) {
        const i = row + x;
        const label = labels ? (labels[i] ?? 0) : 0;
        const column = probability ? (probability[i] ?? 0) : NO_PREDICTION;
        const table = ((x + y) & 7) < 2 ? on : between;
        out[i] = table[label * COLUMNS + column] ?? 0;
      }
    }
    if (earlier && probability) this.#compare(labels, probability, earlier, rect, out);
  }

  #compare(
    labels: Uint8Array | null,
    probability: Uint8Array,
    earlier: Uint8Array,
    rect: Rect,
    out: Uint32Array,
  ): void {
    if (this.#comparedFrom === null) return;
    for (let y = rect.y; y < rect.y + rect.height; y += 1) {
      for (let i = y * TILE_SIZE + rect.x; i < y * TILE_SIZE + rect.x + rect.width; i += 1) {
        if (labels && labels[i] !== UNTOUCHED) continue;
        const now = (probability[i] ?? 0) >= this.#from;
        const before = (earlier[i] ?? 0) >= this.#comparedFrom;
        if (now !== before) out[i] = now ? this.#gained : this.#lost;
      }
    }
  }

  #mix(look: OverlayLook, label: number, column: number, stripe: boolean): number {
    const { prediction, mask, review } = look.layers;
    const dim = look.comparedThreshold === null ? 1 : DIMMED;
    const predicted = column !== NO_PREDICTION;
    const mix: Mix = { red: 0, green: 0, blue: 0, alpha: 0 };
    if (prediction.visible && predicted)
      lay(mix, prediction.colour, (prediction.opacity * dim * column) / 255);
    const id = label & 0x7f;
    if (mask.visible) {
      const byPrediction = id === UNTOUCHED && predicted && column >= this.#from;
      if (id === MEMBRANE || byPrediction) lay(mix, mask.colour, mask.opacity * dim);
      else if (id === VOID) lay(mix, VOID_GREY, stripe ? mask.opacity : 0);
      else if (id === INTERIOR && !isConfirmed(label) && !review.visible)
        lay(mix, review.colour, INTERIOR_TINT * mask.opacity * dim);
      else {
        const own = look.classes.find((one) => one.id === id);
        if (own && id > MEMBRANE) lay(mix, own.colour, mask.opacity * dim);
      }
    }
    if (review.visible && id !== UNTOUCHED) {
      const share = isConfirmed(label) ? (stripe ? 1 : BETWEEN_STRIPES) : PAINTED_TINT;
      lay(mix, review.colour, review.opacity * share);
    }
    return pack(mix);
  }
}

function laid(colour: string, alpha: number): Mix {
  const mix: Mix = { red: 0, green: 0, blue: 0, alpha: 0 };
  lay(mix, colour, alpha);
  return mix;
}
