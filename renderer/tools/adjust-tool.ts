import { polygonArea } from '#labels/operations/polygon';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import { adjusted, adjustmentNames } from './adjustment';
import { commitArea, ruleOf } from './area-commit';
import { sliceRect } from './slice-rect';
import type { AreaPreview, Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A drag shorter than this, in CSS pixels, is a click and gives the whole slice back. */
const CLICK = 3;

/**
 * Grows, shrinks or smooths the class in hand, takes its specks away or fills
 * its holes: in the whole slice, or in a region that is dragged around. What
 * would change is shown; Enter does it, Escape does not.
 */
export class AdjustTool implements Tool {
  readonly #host: ToolHost;
  #outline: Point[] | null = null;
  #pressed: Point | null = null;
  #moved = false;
  #region: PixelArea | null = null;
  #preview: AreaPreview | null = null;
  /** A preview is shown, or will be as soon as the slice is read. */
  #wanted = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (this.#pressed) return 'outlining';
    return this.#preview ? 'waiting' : 'idle';
  }

  press({ image, view }: ToolPoint): void {
    this.#pressed = view;
    this.#moved = false;
    this.#outline = [image];
    this.#host.showOutline(this.#outline);
  }

  drag(points: readonly ToolPoint[]): void {
    const from = this.#pressed;
    if (!from || !this.#outline) return;
    for (const { image, view } of points) {
      this.#outline.push(image);
      this.#moved ||= Math.hypot(view.x - from.x, view.y - from.y) > CLICK;
    }
    this.#host.showOutline(this.#outline);
  }

  release(): void {
    if (!this.#pressed) return;
    this.#pressed = null;
    if (!this.#moved) this.#outline = null;
    this.#region = this.#outline && polygonArea(this.#outline, sliceRect(this.#host));
    this.#host.showOutline(this.#outline);
    this.#look();
  }

  exit(reason: ToolExit): void {
    if (reason === 'lost') {
      this.release();
      return;
    }
    this.#pressed = null;
    this.#outline = null;
    this.#region = null;
    this.#wanted = false;
    this.#host.showOutline(null);
    this.#show(null);
  }

  accept(): boolean {
    const preview = this.#preview;
    if (!preview) {
      this.#look();
      return true;
    }
    this.#wanted = false;
    this.#show(null);
    const { brush, settings, z } = this.#host;
    const { area, as } = preview;
    const name = adjustmentNames[settings.adjustment];
    if (as instanceof Uint8Array)
      commitArea(this.#host, area, (labels) => labels.write(z, name, area, as, ruleOf(brush)));
    else this.#host.tellBlocked('nothing-changed');
    return true;
  }

  refresh(why: 'options' | 'slice'): void {
    if (!this.#pressed && (why === 'options' || this.#wanted)) this.#look();
  }

  #look(): void {
    this.#wanted = true;
    const { fields, z, brush, settings, centre } = this.#host;
    const answer =
      this.#host.blocked() === null ? fields.read('shown', z, fields.windowAt(centre)) : null;
    if (answer?.kind !== 'ready') {
      this.#show(null);
      return;
    }
    const { adjustment, amount } = settings;
    const region = this.#region;
    this.#show(adjusted({ shown: answer.field, classId: brush.label, adjustment, amount, region }));
  }

  #show(preview: AreaPreview | null): void {
    this.#preview = preview;
    this.#host.showArea(preview);
  }
}
