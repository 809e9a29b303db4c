import { intersect, type Rect } from '#contract/tiles';
import { deviceRect, type ViewGeometry } from '../camera/view-geometry';

/** Side of the repeated square, in CSS pixels. */
const SIDE = 8;

/** What is hatched: pixels that could not be read, or that are read and show no tissue. */
export type HatchKind = 'unreadable' | 'empty';

/** Light on dark, so that the lines show on any grey; where pixels were read they stay to be seen. */
const looks: Readonly<
  Record<HatchKind, { readonly ground: string; readonly line: string; readonly width: number }>
> = {
  unreadable: { ground: 'rgba(30, 26, 20, 0.72)', line: '#e69f00', width: 1 / 6 },
  empty: { ground: 'rgba(60, 70, 82, 0.28)', line: 'rgba(150, 170, 190, 0.75)', width: 1 / 10 },
};

/** One square of diagonal lines. */
function square(side: number, kind: HatchKind): HTMLCanvasElement {
  const look = looks[kind];
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this window has no 2D canvas');
  context.fillStyle = look.ground;
  context.fillRect(0, 0, side, side);
  context.strokeStyle = look.line;
  context.lineWidth = Math.max(1, side * look.width);
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

  constructor(private readonly kind: HatchKind) {}

  draw(
    context: CanvasRenderingContext2D,
    geometry: ViewGeometry,
    areas: readonly Rect[],
    clip: Rect,
  ): void {
    for (const area of areas) {
      const part = intersect(atLeastOnePixel(deviceRect(geometry, area)), clip);
      if (!part) continue;
      context.fillStyle = this.#patternFor(context, geometry.pixelRatio) ?? looks[this.kind].line;
      context.fillRect(part.x, part.y, part.width, part.height);
    }
  }

  #patternFor(context: CanvasRenderingContext2D, pixelRatio: number): CanvasPattern | null {
    const side = Math.round(SIDE * pixelRatio);
    if (side !== this.#side) {
      this.#side = side;
      this.#pattern = context.createPattern(square(side, this.kind), 'repeat');
    }
    return this.#pattern;
  }
}

/** A single lost row must not vanish far away. */
function atLeastOnePixel(rect: Rect): Rect {
  return { ...rect, width: Math.max(1, rect.width), height: Math.max(1, rect.height) };
}
