import { polygonArea } from '#labels/operations/polygon';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { paintArea } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** Two clicks nearer than this, in CSS pixels, are one; a click this near the first corner closes. */
const SAME = 3;
const CLOSE = 8;

/**
 * Corner by corner around what is to be filled with the class in hand. A
 * click on the first corner, a double click or Enter closes and fills;
 * Backspace takes the last corner back, Escape all of them.
 */
export class PolygonTool implements Tool {
  readonly clicks = true;
  readonly #host: ToolHost;
  #corners: ToolPoint[] = [];
  #pressed = false;
  #hover: ToolPoint | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    return this.#corners.length > 0 ? 'drawing' : 'idle';
  }

  press(at: ToolPoint): void {
    if (this.#corners.length === 0) {
      const reason = this.#host.blocked();
      if (reason) {
        this.#host.tellBlocked(reason);
        return;
      }
    }
    const [first] = this.#corners;
    const last = this.#corners.at(-1);
    if (first && this.#corners.length >= 3 && near(first, at, CLOSE)) {
      this.accept();
      return;
    }
    if (last && near(last, at, SAME)) return;
    this.#corners.push(at);
    this.#pressed = true;
    this.#show();
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1);
    if (!to || !this.#pressed) return;
    this.#corners[this.#corners.length - 1] = to;
    this.#show();
  }

  release(): void {
    this.#pressed = false;
  }

  hover(at: ToolPoint | null): void {
    this.#hover = at;
    if (this.#corners.length > 0) this.#show();
  }

  back(): boolean {
    if (this.#corners.length === 0) return false;
    this.#corners.pop();
    this.#show();
    return true;
  }

  exit(reason: ToolExit): void {
    this.#pressed = false;
    if (reason === 'lost') return;
    this.#corners = [];
    this.#show();
  }

  accept(): boolean {
    const points = this.#corners.map(({ image }) => image);
    if (points.length === 0) return false;
    if (points.length < 3) return true;
    this.#corners = [];
    this.#show();
    paintArea(this.#host, stepNames.polygon, polygonArea(points, sliceRect(this.#host)));
    return true;
  }

  #show(): void {
    const corners: Point[] = this.#corners.map(({ image }) => image);
    if (corners.length === 0) {
      this.#host.showOutline(null);
      return;
    }
    const pointer = this.#pressed ? null : this.#hover;
    this.#host.showOutline(pointer ? [...corners, pointer.image] : corners, this.#host.brush.label);
  }
}

/** Distances in the view as it stood when the corners were set: a zoom between them does not matter much. */
function near(a: ToolPoint, b: ToolPoint, reach: number): boolean {
  return Math.hypot(a.view.x - b.view.x, a.view.y - b.view.y) <= reach;
}
