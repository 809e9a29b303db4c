import { UNTOUCHED } from '#contract/label-byte';
import type { OpenStroke } from '#labels/label-session';
import type { PaintRule } from '#labels/paint-mode';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { ruleOf } from './area-commit';
import { HeldStroke } from './held-stroke';
import type { BrushSettings, Modifiers, Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/**
 * Paints, or erases. A stroke freezes label, radius and rule when it begins.
 * Only Escape takes it back: a lost pointer or another tool keeps what is
 * painted. A press with Shift goes on in a straight line from the last end,
 * which is shown as long as Shift is held. Whoever presses before the labels
 * are here paints all the same: the stroke appears when they are.
 */
export class BrushTool implements Tool {
  readonly #host: ToolHost;
  readonly #kind: 'brush' | 'eraser';
  #stroke: OpenStroke | null = null;
  #held: HeldStroke | null = null;
  #last: { readonly z: number; readonly end: Point } | null = null;
  #aiming = false;

  constructor(host: ToolHost, kind: 'brush' | 'eraser') {
    this.#host = host;
    this.#kind = kind;
  }

  get state(): string {
    return (this.#stroke ?? this.#held) ? 'stroke' : 'idle';
  }

  press(at: ToolPoint, modifiers: Modifiers): void {
    this.#aim(null);
    if (this.#held) this.#host.tellBlocked('loading');
    else if (this.#host.blocked() === 'loading')
      this.#held = HeldStroke.wait(this.#host, at, modifiers, (held, here) => {
        this.#takeUp(held, here);
      });
    else this.#begin(at, modifiers, this.#host.brush);
  }

  #begin(at: ToolPoint, { shift }: Modifiers, brush: BrushSettings): void {
    const { labels, z } = this.#host;
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    if (!labels || labels.painting) return;
    const erasing = this.#kind === 'eraser';
    const rule = this.#rule(at.image, brush);
    if (!rule) return;
    this.#stroke = labels.beginStroke({
      z,
      label: erasing ? UNTOUCHED : brush.label,
      radius: brush.radius,
      rule,
      name: erasing ? stepNames.eraser : stepNames.brush,
    });
    const from = shift && this.#last?.z === z ? this.#last.end : null;
    if (from) this.#stroke.extend([from]);
    this.#extend([at]);
  }

  drag(points: readonly ToolPoint[]): void {
    if (this.#held) this.#held.extend(points);
    else if (this.#stroke) this.#extend(points);
  }

  release(): void {
    this.#held?.release();
    const stroke = this.#stroke;
    if (!stroke) return;
    this.#stroke = null;
    if (stroke.end) this.#last = { z: this.#host.z, end: stroke.end };
    stroke.commit();
  }

  hover(at: ToolPoint | null, { shift }: Modifiers): void {
    this.#aim(shift && this.#last?.z === this.#host.z ? at : null);
  }

  exit(reason: ToolExit): void {
    this.#aim(null);
    if (reason !== 'abort') {
      this.release();
      return;
    }
    this.#held?.drop();
    this.#held = null;
    this.#stroke?.abort();
    this.#stroke = null;
  }

  accept(): boolean {
    return false;
  }

  refresh(): void {
    const { settings, fields, z, centre } = this.#host;
    // Has the gate read before the first stroke.
    if (settings.gate && this.#kind === 'brush')
      fields.read('probability', z, fields.windowAt(centre));
  }

  /** The labels under a stroke that waited are here, or will not come. */
  #takeUp(held: HeldStroke, here: boolean): void {
    this.#held = null;
    const [first, ...others] = held.points;
    if (!here || !first) {
      this.#host.tellBlocked('loading');
      return;
    }
    this.#begin(first, held.modifiers, held.brush);
    this.drag(others);
    if (held.released) this.release();
  }

  /** What the stroke may change; null when its gate can't be had. */
  #rule(at: Point, brush: BrushSettings): PaintRule | null {
    const { settings, fields, z } = this.#host;
    if (this.#kind === 'eraser') return { ...ruleOf(brush), overwrite: { kind: 'all' } };
    if (!settings.gate) return ruleOf(brush);
    const answer = fields.read('probability', z, fields.windowAt(at));
    switch (answer.kind) {
      case 'ready': {
        const [min, max] = [settings.gate.min * 255, settings.gate.max * 255];
        return { ...ruleOf(brush), gate: { field: answer.field, min, max } };
      }
      case 'loading':
        this.#host.tellBlocked('loading');
        return null;
      case 'absent':
        this.#host.tellBlocked('no-prediction');
        return null;
    }
  }

  #extend(points: readonly ToolPoint[]): void {
    if (!this.#host.settings.penPressure || points.every(({ pressure }) => pressure === undefined))
      this.#stroke?.extend(points.map(({ image }) => image));
    else for (const { image, pressure } of points) this.#stroke?.extend([image], pressure);
  }

  #aim(at: ToolPoint | null): void {
    const from = at && this.#last?.end;
    if (from) {
      const points = [from, at.image];
      this.#host.showPath({ points, corners: [from], radius: this.#host.brush.radius });
    } else if (this.#aiming) this.#host.showPath(null);
    this.#aiming = Boolean(from);
  }
}
