import { intersect, type Rect } from '#contract/tiles';
import { deviceRect, type ViewGeometry } from './view-geometry';

/** Side of the repeated square, in CSS pixels. */
const SIDE = 8;

/** One square of diagonal lines, light on dark so that they show on any grey. */
function square(side: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this window has no 2D canvas');
  context.fillStyle = 'rgba(30, 26, 20, 0.72)';
  context.fillRect(0, 0, side, side);
  context.strokeStyle = '#e69f00';
  context.lineWidth = side / 6;
  context.beginPath();
  // The neighbours' halves of the line close its corners.
  for (const shift of [-side, 0, side]) {
    context.moveTo(shift - side, side * 2);
    context.lineTo(shift + side * 2, -side);
  }
  context.stroke();
  return canvas;
}

/** Draws where a slice holds no data. The lines stand still on the screen, so that parts drawn alone fit together. */
export class Hatch {
  #side = 0;
  #pattern: CanvasPattern | null = null;

  draw(
    context: CanvasRenderingContext2D,
    geometry: ViewGeometry,
    areas: readonly Rect[],
    clip: Rect,
  ): void {
    for (const area of areas) {
      const part = intersect(atLeastOnePixel(deviceRect(geometry, area)), clip);
      if (!part) continue;
      context.fillStyle = this.#patternFor(context, geometry.pixelRatio) ?? '#e69f00';
      context.fillRect(part.x, part.y, part.width, part.height);
    }
  }

  #patternFor(context: CanvasRenderingContext2D, pixelRatio: number): CanvasPattern | null {
    const side = Math.round(SIDE * pixelRatio);
    if (side !== this.#side) {
      this.#side = side;
      this.#pattern = context.createPattern(square(side), 'repeat');
    }
    return this.#pattern;
  }
}

/** A single lost row must not vanish far away. */
function atLeastOnePixel(rect: Rect): Rect {
  return { ...rect, width: Math.max(1, rect.width), height: Math.max(1, rect.height) };
}
