import { polygonArea } from '#labels/operations/polygon';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { commitArea } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Modifiers, Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A drag shorter than this, in CSS pixels, is a click and takes the outline away. */
const CLICK = 3;

type Outline =
  | { readonly kind: 'lasso'; readonly points: readonly Point[] }
  | { readonly kind: 'rectangle'; readonly from: Point; readonly to: Point };

/**
 * Outlines what is right as shown, or what is to lose its review: drag a
 * lasso, or a rectangle with Shift. The outline waits for Enter; Escape or a
 * click takes it away.
 */
export class ReviewRegionTool implements Tool {
  readonly #host: ToolHost;
  readonly #kind: 'confirm' | 'unreview';
  #outline: Outline | null = null;
  #pressed: Point | null = null;
  #moved = false;

  constructor(host: ToolHost, kind: 'confirm' | 'unreview') {
    this.#host = host;
    this.#kind = kind;
  }

  get state(): string {
    if (this.#pressed) return 'outlining';
    return this.#outline ? 'waiting' : 'idle';
  }

  press({ image, view }: ToolPoint, { shift }: Modifiers): void {
    this.#pressed = view;
    this.#moved = false;
    this.#outline = shift
      ? { kind: 'rectangle', from: image, to: image }
      : { kind: 'lasso', points: [image] };
    this.#show();
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1);
    if (!to || !this.#pressed || !this.#outline) return;
    this.#moved ||= Math.hypot(to.view.x - this.#pressed.x, to.view.y - this.#pressed.y) > CLICK;
    this.#outline =
      this.#outline.kind === 'rectangle'
        ? { ...this.#outline, to: to.image }
        : {
            kind: 'lasso',
            points: [...this.#outline.points, ...points.map(({ image }) => image)],
          };
    this.#show();
  }

  release(): void {
    this.#pressed = null;
    if (!this.#moved) this.#drop();
  }

  exit(reason: ToolExit): void {
    if (reason === 'lost') {
      this.release();
      return;
    }
    this.#pressed = null;
    this.#drop();
  }

  accept(): boolean {
    const outline = this.#outline;
    if (!outline || this.#pressed) return false;
    this.#drop();
    const reason = this.#host.blocked('review');
    if (reason) this.#host.tellBlocked(reason);
    else if (this.#kind === 'confirm')
      this.#host.confirmRegion({ kind: 'polygon', points: corners(outline) });
    else this.#unreview(corners(outline));
    return true;
  }

  #unreview(points: readonly Point[]): void {
    const { z, brush } = this.#host;
    const area = polygonArea(points, sliceRect(this.#host));
    commitArea(
      this.#host,
      area,
      (labels) => labels.unreview(z, stepNames.unreviewRegion, area, brush.locked),
      'review',
    );
  }

  #drop(): void {
    this.#outline = null;
    this.#show();
  }

  #show(): void {
    this.#host.showOutline(this.#outline && corners(this.#outline), 'reviewed');
  }
}

function corners(outline: Outline): readonly Point[] {
  if (outline.kind === 'lasso') return outline.points;
  const { from, to } = outline;
  return [from, { x: to.x, y: from.y }, to, { x: from.x, y: to.y }];
}
