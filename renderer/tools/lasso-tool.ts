import { polygonArea } from '#labels/operations/polygon';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { paintArea } from './area-commit';
import { areaContains } from './area-contains';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A drag shorter than this, in CSS pixels, is a click. */
const CLICK = 3;

/**
 * Draws around what is to be filled with the class in hand: wherever it is let
 * go, the line closes at its start, and what it would fill is shown. Enter or
 * a click inside fills; Escape or a click elsewhere takes the outline away.
 */
export class LassoTool implements Tool {
  readonly #host: ToolHost;
  #points: Point[] = [];
  #start: ToolPoint | null = null;
  #moved = false;
  #area: PixelArea | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (this.#start) return 'outlining';
    return this.#area ? 'waiting' : 'idle';
  }

  press(at: ToolPoint): void {
    const reason = this.#host.blocked();
    if (reason) {
      this.#drop();
      this.#host.tellBlocked(reason);
      return;
    }
    this.#start = at;
    this.#moved = false;
  }

  drag(points: readonly ToolPoint[]): void {
    const start = this.#start;
    if (!start) return;
    const far = ({ view }: ToolPoint): boolean =>
      Math.hypot(view.x - start.view.x, view.y - start.view.y) > CLICK;
    if (!this.#moved && points.some(far)) {
      this.#drop();
      this.#start = start;
      this.#moved = true;
      this.#points = [start.image];
    }
    if (!this.#moved) return;
    this.#points.push(...points.map(({ image }) => image));
    this.#host.showOutline(this.#points, this.#host.brush.label);
  }

  release(): void {
    const start = this.#start;
    if (!start) return;
    this.#start = null;
    if (this.#moved) {
      this.#area = polygonArea(this.#points, sliceRect(this.#host));
      this.#host.showOutline(this.#points);
      this.refresh();
    } else if (this.#area && areaContains(this.#area, start.image)) this.accept();
    else this.#drop();
  }

  exit(reason: ToolExit): void {
    if (reason === 'lost') this.release();
    else this.#drop();
  }

  accept(): boolean {
    const area = this.#area;
    if (!area) return false;
    this.#drop();
    paintArea(this.#host, stepNames.lasso, area);
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
