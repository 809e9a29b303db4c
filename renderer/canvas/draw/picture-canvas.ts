import type { Rect } from '#contract/tiles';
import { drawnBySoftware } from './software-drawing';

/** Draws the part of the picture within `clip`, both in device pixels. */
export type DrawPicture = (context: CanvasRenderingContext2D, clip: Rect) => void;

/**
 * The canvas that holds the picture, one pixel a device pixel, redrawn in parts.
 *
 * Without a graphics card Chromium paints a changed canvas into its page anew,
 * all of it, however small the change, and the page's next frame waits for
 * that: measured at 1:1 (1068 × 749 px, two cores), 95 of 100 frames came
 * within 33 to 50 ms. A desynchronized canvas goes past the page, with what has
 * changed only: 16.8 ms. With a graphics card the ordinary way costs nothing
 * of the kind, and parts drawn one over the other could be seen half done.
 */
export class PictureCanvas {
  readonly #context: CanvasRenderingContext2D;
  readonly #draw: DrawPicture;

  /** Puts the canvas in front of what `container` holds. */
  constructor(container: HTMLElement, draw: DrawPicture) {
    const canvas = document.createElement('canvas');
    canvas.style.position = 'absolute';
    const context = canvas.getContext('2d', { desynchronized: drawnBySoftware() });
    if (!context) throw new Error('this window has no 2D canvas');
    container.prepend(canvas);
    this.#context = context;
    this.#draw = draw;
  }

  /** In device pixels. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#context.canvas;
    return { width, height };
  }

  /** Sizes in CSS pixels; the canvas is blank afterwards. */
  resize(width: number, height: number, pixelRatio: number): void {
    const { canvas } = this.#context;
    canvas.width = Math.floor(width * pixelRatio);
    canvas.height = Math.floor(height * pixelRatio);
    canvas.style.width = `${String(width)}px`;
    canvas.style.height = `${String(height)}px`;
  }

  /** Redraws a rectangle (device pixels), now. */
  draw(clip: Rect): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(clip.x, clip.y, clip.width, clip.height);
    context.clip();
    this.#draw(context, clip);
    context.restore();
  }
}
