import { maskOfArea } from '#labels/pixel-area';
import type { AreaPreview } from '../../tools/tool';

/** `#rrggbb` of what pixels would become. */
export type PreviewColour = (as: number | 'reviewed' | 'unreviewed') => string;

/** Of the area's own pixels, and of its edge, so that it shows on any ground. */
const INSIDE = 0.45;
const EDGE = 0xffffffff;

/**
 * A preview as a picture, a pixel an image pixel over the area's bounds: its
 * colour with a light edge. Coloured once a preview; the same canvas again and
 * again.
 */
export class AreaInk {
  readonly canvas = document.createElement('canvas');
  readonly #colour: PreviewColour;
  readonly #context: CanvasRenderingContext2D;
  #inked: AreaPreview | null = null;

  constructor(colour: PreviewColour) {
    this.#colour = colour;
    const context = this.canvas.getContext('2d');
    if (!context) throw new Error('this window has no 2D canvas');
    this.#context = context;
  }

  ink(preview: AreaPreview): void {
    if (preview === this.#inked) return;
    this.#inked = preview;
    const { area, as } = preview;
    const { width, height } = area.bounds;
    // Sizing a canvas also clears it.
    this.canvas.width = width;
    this.canvas.height = height;
    if (width === 0) return;
    const image = this.#context.createImageData(width, height);
    const out = new Uint32Array(image.data.buffer);
    const mask = maskOfArea(area, area.bounds);
    const colours = new Map<number, number>();
    const colourOf = (label: number): number => {
      const known = colours.get(label);
      if (known !== undefined) return known;
      const made = packed(this.#colour(label));
      colours.set(label, made);
      return made;
    };
    const one = as instanceof Uint8Array ? 0 : packed(this.#colour(as));
    let at = 0;
    for (let i = 0; i < mask.length; i += 1) {
      if (mask[i] === 0) continue;
      const x = i % width;
      const inner =
        x > 0 &&
        x < width - 1 &&
        mask[i - 1] !== 0 &&
        mask[i + 1] !== 0 &&
        (mask[i - width] ?? 0) !== 0 &&
        (mask[i + width] ?? 0) !== 0;
      const own = as instanceof Uint8Array ? colourOf(as[at] ?? 0) : one;
      out[i] = inner ? own : EDGE;
      at += 1;
    }
    this.#context.putImageData(image, 0, 0);
  }
}

function packed(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const [red, green, blue] = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255];
  return ((Math.round(INSIDE * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
