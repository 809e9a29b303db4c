import Konva from 'konva';
import type { Rect } from '#contract/tiles';
import type { Point } from '#labels/rasterize';

/** Draws the part of the picture within `clip`, both in device pixels. */
export type DrawPicture = (context: CanvasRenderingContext2D, clip: Rect) => void;

/**
 * The Konva stage: one layer that holds the picture and is redrawn in parts
 * (Konva clears whole layers, so this one is told not to), and above it, only
 * while there is one, the outline of a region.
 */
export class ViewStage {
  readonly #stage: Konva.Stage;
  readonly #layer: Konva.Layer;
  readonly #context: CanvasRenderingContext2D;
  #clip: Rect = { x: 0, y: 0, width: 0, height: 0 };
  #outline: { readonly layer: Konva.Layer; readonly lines: readonly Konva.Line[] } | null = null;

  constructor(container: HTMLDivElement, draw: DrawPicture) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    this.#layer = new Konva.Layer({ listening: false, clearBeforeDraw: false });
    this.#stage.add(this.#layer);
    const context = this.#layer.getNativeCanvasElement().getContext('2d');
    if (!context) throw new Error('this window has no 2D canvas');
    this.#context = context;
    const picture = new Konva.Shape({
      listening: false,
      perfectDrawEnabled: false,
      sceneFunc: () => {
        const { x, y, width, height } = this.#clip;
        context.save();
        context.setTransform(1, 0, 0, 1, 0, 0);
        context.beginPath();
        context.rect(x, y, width, height);
        context.clip();
        draw(context, this.#clip);
        context.restore();
      },
    });
    this.#layer.add(picture);
  }

  /** The picture's size in device pixels. */
  get size(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#context.canvas;
    return { width, height };
  }

  /** Sizes in CSS pixels; everything is to be drawn again. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#stage.size({ width, height });
    for (const layer of this.#stage.getLayers()) layer.getCanvas().setPixelRatio(pixelRatio);
    this.#outline?.layer.draw();
  }

  /** Redraws a rectangle of the picture (device pixels), now. */
  draw(clip: Rect): void {
    this.#clip = clip;
    this.#layer.drawScene();
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
    layer.getCanvas().setPixelRatio(this.#layer.getCanvas().getPixelRatio());
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
