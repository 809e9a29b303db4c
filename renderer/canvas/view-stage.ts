import Konva from 'konva';
import type { Rect } from '#contract/tiles';
import { StagePreviews } from './stage-previews';
import type { PreviewColour } from './area-ink';
import type { ViewGeometry } from './view-geometry';

/** Draws the part of the picture within `clip`, both in device pixels. */
export type DrawPicture = (context: CanvasRenderingContext2D, clip: Rect) => void;

export interface ViewStageOptions {
  readonly container: HTMLDivElement;
  readonly draw: DrawPicture;
  readonly geometry: () => ViewGeometry;
  /** Colours of previews. */
  readonly colour: PreviewColour;
}

/**
 * The Konva stage: one layer that holds the picture and is redrawn in parts
 * (Konva clears whole layers, so this one is told not to), and above it, only
 * while there are any, the tools' previews.
 */
export class ViewStage {
  readonly #stage: Konva.Stage;
  readonly #layer: Konva.Layer;
  readonly #context: CanvasRenderingContext2D;
  #clip: Rect = { x: 0, y: 0, width: 0, height: 0 };
  /** What the tools are about to do, above the picture. */
  readonly previews: StagePreviews;

  constructor({ container, draw, geometry, colour }: ViewStageOptions) {
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
    this.previews = new StagePreviews({ stage: this.#stage, geometry, colour });
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
  }

  /** Redraws a rectangle of the picture (device pixels), now. */
  draw(clip: Rect): void {
    this.#clip = clip;
    this.#layer.drawScene();
  }

  dispose(): void {
    this.#stage.destroy();
  }
}
