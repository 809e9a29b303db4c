import { polygonArea } from '#labels/operations/polygon';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import { paintArea } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A drag shorter than this, in CSS pixels, is a click and takes the outline away. */
const CLICK = 3;
/** An end this near the start, in CSS pixels, closes the lasso, once it has been this far away. */
const CLOSE = 8;
const AWAY = 24;

/**
 * Draws around what is to be filled with the class in hand. Let go at the
 * start, it fills at once; let go elsewhere, it closes itself and waits for
 * Enter. Escape or a click takes the outline away.
 */
export class LassoTool implements Tool {
  readonly #host: ToolHost;
  #points: Point[] = [];
  #start: Point | null = null;
  #end: Point | null = null;
  #farthest = 0;
  #area: PixelArea | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (this.#start) return 'outlining';
    return this.#area ? 'waiting' : 'idle';
  }

  press({ image, view }: ToolPoint): void {
    this.#drop();
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    this.#start = view;
    this.#end = view;
    this.#farthest = 0;
    this.#points = [image];
    this.#host.showOutline(this.#points);
  }

  drag(points: readonly ToolPoint[]): void {
    const start = this.#start;
    if (!start) return;
    for (const { image, view } of points) {
      this.#points.push(image);
      this.#end = view;
      this.#farthest = Math.max(this.#farthest, Math.hypot(view.x - start.x, view.y - start.y));
    }
    this.#host.showOutline(this.#points);
  }

  release(): void {
    const [start, end] = [this.#start, this.#end];
    if (!start || !end) return;
    this.#start = null;
    if (this.#farthest <= CLICK) {
      this.#drop();
      return;
    }
    this.#area = polygonArea(this.#points, sliceRect(this.#host));
    const closed = this.#farthest > AWAY && Math.hypot(end.x - start.x, end.y - start.y) <= CLOSE;
    if (closed) this.accept();
    else this.#host.showArea({ area: this.#area, as: this.#host.brush.label });
  }

  exit(reason: ToolExit): void {
    if (reason === 'lost') this.release();
    else this.#drop();
  }

  accept(): boolean {
    const area = this.#area;
    if (!area) return false;
    this.#drop();
    paintArea(this.#host, 'Lasso', area);
    return true;
  }

  refresh(): void {
    if (this.#area) this.#host.showArea({ area: this.#area, as: this.#host.brush.label });
  }

  #drop(): void {
    this.#start = null;
    this.#points = [];
    this.#area = null;
    this.#host.showOutline(null);
    this.#host.showArea(null);
  }
}
