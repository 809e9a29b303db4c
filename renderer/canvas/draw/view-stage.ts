import Konva from 'konva';
import type { Rect } from '#contract/tiles';
import type { PreviewColour } from '../input/area-edit';
import { PictureCanvas, type DrawPicture } from './picture-canvas';
import { StagePreviews } from '../input/stage-previews';
import type { ViewGeometry } from '../camera/view-geometry';

export interface ViewStageOptions {
  readonly container: HTMLDivElement;
  readonly draw: DrawPicture;
  readonly geometry: () => ViewGeometry;
  /** Colours of previews. */
  readonly colour: PreviewColour;
}

/**
 * The picture's canvas, and above it a Konva stage that has a layer only while
 * there are previews of the tools to show.
 */
export class ViewStage {
  readonly #picture: PictureCanvas;
  readonly #stage: Konva.Stage;
  /** What the tools are about to do, above the picture. */
  readonly previews: StagePreviews;

  constructor({ container, draw, geometry, colour }: ViewStageOptions) {
    this.#stage = new Konva.Stage({ container, width: 1, height: 1, listening: false });
    // Konva empties its container: the picture comes after it, underneath.
    this.#picture = new PictureCanvas(container, draw);
    this.previews = new StagePreviews({ stage: this.#stage, geometry, colour });
  }

  /** The picture's size in device pixels. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#picture.size;
  }

  /** Sizes in CSS pixels; everything is to be drawn again. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.#picture.resize(width, height, pixelRatio);
    this.#stage.size({ width, height });
    for (const layer of this.#stage.getLayers()) layer.getCanvas().setPixelRatio(pixelRatio);
  }

  /** Redraws a rectangle of the picture (device pixels), now. */
  draw(clip: Rect): void {
    this.#picture.draw(clip);
  }

  dispose(): void {
    this.#stage.destroy();
  }
}
