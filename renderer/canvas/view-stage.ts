import Konva from 'konva';
import type { Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';
import { PictureCanvas, type DrawPicture } from './picture-canvas';

/**
 * The picture's canvas, and above it a Konva stage that has a layer only while
 * there is an outline of a region to show.
 */
export class ViewStage {
  readonly #picture: PictureCanvas;
  readonly #stage: Konva.Stage;
  #pixelRatio = 1;
  #outline: { readonly layer: Konva.Layer; readonly lines: readonly Konva.Line[] } | null = null;

  constructor(container: HTMLDivElement, draw: DrawPicture) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    // Konva empties its container: the picture comes after it, underneath.
    this.#picture = new PictureCanvas(container, draw);
  }

  /** The picture's size in device pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#picture.size;
  }

  /** Sizes in CSS pixels; everything is to be drawn again. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#pixelRatio = pixelRatio;
    this.#picture.resize(width, height, pixelRatio);
    this.#stage.size({ width, height });
    for (const layer of this.#stage.getLayers()) layer.getCanvas().setPixelRatio(pixelRatio);
    this.#outline?.layer.draw();
  }

  /** Redraws a rectangle of the picture (device pixels), now. */
  draw(clip: Rect): void {
    this.#picture.draw(clip);
  }

  /** A closed dashed line through points in CSS pixels, dark and light; null takes it away. */
  showOutline(points: readonly Point[] | null): void {
    if (!points) {
      this.#outline?.layer.destroy();
      this.#outline = null;
      return;
    }
    this.#outline ??= this.#newOutline();
    const flat = points.flatMap(({ x, y }) => [x, y]);
    for (const line of this.#outline.lines) line.points(flat);
    this.#outline.layer.draw();
  }

  dispose(): void {
    this.#stage.destroy();
  }

  #newOutline(): { readonly layer: Konva.Layer; readonly lines: readonly Konva.Line[] } {
    const layer = new Konva.Layer({ listening: false });
    this.#stage.add(layer);
    layer.getCanvas().setPixelRatio(this.#pixelRatio);
    const base = { closed: true, listening: false, lineJoin: 'round' as const };
    const lines = [
      new Konva.Line({ ...base, stroke: 'rgba(0, 0, 0, 0.75)', strokeWidth: 3 }),
      new Konva.Line({
        ...base,
        stroke: '#ffffff',
        strokeWidth: 1.5,
        dash: [6, 4],
        fill: 'rgba(0, 158, 115, 0.18)',
      }),
    ];
    layer.add(...lines);
    return { layer, lines };
  }
}
