import { intersect, union, type Rect } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import { areaFromMask, type PixelArea } from '#labels/pixel-area';
import { rasterizeCapsule, type Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { commitArea } from './area-commit';
import { shownClassesOf } from './shown-classes';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A stroke on its way: the pixels that it has passed over. */
interface Passed {
  readonly window: Rect;
  readonly mask: Uint8Array;
  readonly radius: number;
  readonly shown: ByteField | null;
  end: Point;
  touched: Rect | null;
}

/**
 * Brushes over what is right as shown to confirm it, or over what was reviewed
 * to take the review away. What the stroke passed is marked until the release.
 */
export class ReviewBrushTool implements Tool {
  readonly #host: ToolHost;
  readonly #kind: 'confirm' | 'unreview';
  #passed: Passed | null = null;

  constructor(host: ToolHost, kind: 'confirm' | 'unreview') {
    this.#host = host;
    this.#kind = kind;
  }

  get state(): string {
    return this.#passed ? 'stroke' : 'idle';
  }

  press({ image }: ToolPoint): void {
    const { fields, z, brush } = this.#host;
    const reason = this.#host.blocked('review');
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    const window = fields.windowAt(image);
    let shown: ByteField | null = null;
    if (this.#kind === 'confirm') {
      const answer = fields.read('shown', z, window);
      const predicted = fields.read('probability', z, window);
      if (predicted.kind === 'absent') this.#host.tellBlocked('no-prediction');
      else if (predicted.kind === 'loading' || answer.kind !== 'ready')
        this.#host.tellBlocked('loading');
      if (predicted.kind !== 'ready' || answer.kind !== 'ready') return;
      shown = answer.field;
    }
    const mask = new Uint8Array(window.width * window.height);
    const { radius } = brush;
    this.#passed = { window, mask, radius, shown, end: image, touched: null };
    this.#pass([image]);
  }

  drag(points: readonly ToolPoint[]): void {
    this.#pass(points.map(({ image }) => image));
  }

  release(): void {
    const passed = this.#passed;
    this.#drop();
    const area = passed && areaOf(passed);
    if (!area) return;
    const { z, brush } = this.#host;
    const { shown } = passed;
    commitArea(
      this.#host,
      area,
      (labels) =>
        shown
          ? labels.confirmArea(z, stepNames.confirmBrush, area, shownClassesOf(shown))
          : labels.unreview(z, stepNames.unreviewBrush, area, brush.locked),
      'review',
    );
  }

  exit(reason: ToolExit): void {
    if (reason === 'abort') this.#drop();
    else this.release();
  }

  accept(): boolean {
    return false;
  }

  refresh(): void {
    const { fields, z, centre } = this.#host;
    // Has the slice read before the first stroke.
    if (this.#kind !== 'confirm') return;
    for (const kind of ['shown', 'probability'] as const)
      fields.read(kind, z, fields.windowAt(centre));
  }

  #pass(points: readonly Point[]): void {
    const passed = this.#passed;
    if (!passed) return;
    const { window, mask, radius } = passed;
    for (const point of points) {
      rasterizeCapsule(passed.end, point, radius, window, (y, start, end) => {
        const row = (y - window.y) * window.width - window.x;
        mask.fill(1, row + start, row + end);
        const span: Rect = { x: start, y, width: end - start, height: 1 };
        passed.touched = passed.touched ? union(passed.touched, span) : span;
      });
      passed.end = point;
    }
    const area = areaOf(passed);
    if (area)
      this.#host.showArea({ area, as: this.#kind === 'confirm' ? 'reviewed' : 'unreviewed' });
  }

  #drop(): void {
    this.#passed = null;
    this.#host.showArea(null);
  }
}

function areaOf({ window, mask, touched }: Passed): PixelArea | null {
  const part = touched && intersect(touched, window);
  if (!part) return null;
  const cut = new Uint8Array(part.width * part.height);
  for (let y = 0; y < part.height; y += 1) {
    const from = (part.y + y - window.y) * window.width + part.x - window.x;
    cut.set(mask.subarray(from, from + part.width), y * part.width);
  }
  return areaFromMask(cut, part);
}
