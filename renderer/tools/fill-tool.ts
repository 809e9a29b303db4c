import type { ByteField } from '#labels/byte-field';
import { floodArea } from '#labels/operations/flood';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { areaContains } from './area-contains';
import { isCut, paintArea } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/**
 * Fills the connected pixels that show the same class as the one under the
 * pointer; what it would fill is shown before the press. Escape before the
 * release leaves everything as it was.
 */
export class FillTool implements Tool {
  readonly clicks = true;
  readonly #host: ToolHost;
  #found: { readonly field: ByteField; readonly area: PixelArea } | null = null;
  #pressed = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    return this.#pressed ? 'pressed' : 'idle';
  }

  press({ image }: ToolPoint): void {
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    if (this.#look(image)) this.#pressed = true;
    else if (this.#inside(image)) this.#host.tellBlocked('loading');
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1);
    if (to && this.#pressed) this.#look(to.image);
  }

  release(): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    const found = this.#found;
    this.#drop();
    if (!found) return;
    if (isCut(found.area, found.field.rect, sliceRect(this.#host)))
      this.#host.tellBlocked('area-cut');
    paintArea(this.#host, stepNames.fill, found.area);
  }

  hover(at: ToolPoint | null): void {
    if (at && this.#host.blocked() === null) this.#look(at.image);
    else this.#drop();
  }

  exit(reason: ToolExit): void {
    if (reason === 'lost') {
      this.release();
      return;
    }
    this.#pressed = false;
    this.#drop();
  }

  accept(): boolean {
    return false;
  }

  refresh(): void {
    if (this.#found) this.#host.showArea({ area: this.#found.area, as: this.#host.brush.label });
  }

  /** Shows what a fill from a point would change; false where there is nothing to see. */
  #look(at: Point): boolean {
    const { fields, z, brush } = this.#host;
    const answer = this.#inside(at) ? fields.read('shown', z, fields.windowAt(at)) : null;
    if (answer?.kind !== 'ready') {
      this.#drop();
      return false;
    }
    const { field } = answer;
    if (this.#found?.field === field && areaContains(this.#found.area, at)) return true;
    const area = floodArea(field, at);
    this.#found = { field, area };
    this.#host.showArea({ area, as: brush.label });
    return true;
  }

  #inside({ x, y }: Point): boolean {
    const { width, height } = sliceRect(this.#host);
    return x >= 0 && y >= 0 && x < width && y < height;
  }

  #drop(): void {
    this.#found = null;
    this.#host.showArea(null);
  }
}
