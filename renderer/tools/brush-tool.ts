import { UNTOUCHED } from '#contract/label-byte';
import type { OpenStroke } from '#labels/label-session';
import { everywhere } from '#labels/paint-mode';
import type { Point } from '#labels/rasterize';
import type { Modifiers, Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/**
 * Paints, or erases. A stroke freezes label, radius and mode when it begins.
 * Only Escape takes it back: a lost pointer or another tool keeps what is
 * painted. A press with Shift goes on in a straight line from the last end.
 */
export class BrushTool implements Tool {
  readonly #host: ToolHost;
  readonly #kind: 'brush' | 'eraser';
  #stroke: OpenStroke | null = null;
  #last: { readonly z: number; readonly end: Point } | null = null;

  constructor(host: ToolHost, kind: 'brush' | 'eraser') {
    this.#host = host;
    this.#kind = kind;
  }

  get state(): string {
    return this.#stroke ? 'stroke' : 'idle';
  }

  press({ image }: ToolPoint, { shift }: Modifiers): void {
    const { labels, z, brush } = this.#host;
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    if (!labels || labels.painting) return;
    const erasing = this.#kind === 'eraser';
    this.#stroke = labels.beginStroke({
      z,
      label: erasing ? UNTOUCHED : brush.label,
      radius: brush.radius,
      rule: { ...everywhere, overwrite: { kind: erasing ? 'all' : brush.mode } },
      name: erasing ? 'Eraser' : 'Brush',
    });
    const from = shift && this.#last?.z === z ? this.#last.end : null;
    this.#stroke.extend(from ? [from, image] : [image]);
  }

  drag(points: readonly ToolPoint[]): void {
    this.#stroke?.extend(points.map(({ image }) => image));
  }

  release(): void {
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#stroke = null;
    if (stroke.end) this.#last = { z: this.#host.z, end: stroke.end };
    stroke.commit();
  }

  exit(reason: ToolExit): void {
    if (reason !== 'abort') {
      this.release();
      return;
    }
    this.#stroke?.abort();
    this.#stroke = null;
  }

  accept(): boolean {
    return false;
  }
}
