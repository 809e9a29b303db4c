import { UNTOUCHED } from '#contract/label-byte';
import type { PixelEdit } from '#labels/pixel-edit';
import type { OpenStroke } from '#labels/label-session';
import type { PaintRule } from '#labels/paint-mode';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { ruleOf } from './area-commit';
import { PendingStroke } from './pending-stroke';
import type {
  BlockedReason,
  BrushSettings,
  Change,
  Modifiers,
  PredictedAnswer,
  Tool,
  ToolExit,
  ToolHost,
  ToolPoint,
} from './tool';

/**
 * Paints, or erases: to interior or back to the prediction (`eraseTo`). A
 * stroke freezes label, radius and rule when it begins.
 * Only Escape takes it back: a lost pointer or another tool keeps what is
 * painted. A press with Shift goes on in a straight line from the last end,
 * which is shown as long as Shift is held. Whoever presses before the labels
 * are here, or the prediction that is erased, paints all the same: the stroke
 * appears when they are.
 */
export class BrushTool implements Tool {
  readonly #host: ToolHost;
  readonly #kind: 'brush' | 'eraser';
  #stroke: OpenStroke | null = null;
  #held: PendingStroke | null = null;
  /** What to say when the stroke under way changes nothing. */
  #inVain: BlockedReason | null = null;
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
    else if (this.#mustWait())
      this.#held = PendingStroke.wait(
        this.#host,
        at,
        modifiers,
        this.#erasesToInterior,
        (held, here) => {
          this.#takeUp(held, here);
        },
      );
    else this.#begin(at, modifiers, this.#host.brush, this.#host.predicted());
  }

  get #change(): Change | undefined {
    return this.#kind === 'eraser' ? 'erase' : undefined;
  }

  get #erasesToInterior(): boolean {
    return this.#kind === 'eraser' && this.#host.settings.eraseTo === 'interior';
  }

  #mustWait(): boolean {
    const reason = this.#host.blocked(this.#change);
    if (reason !== null) return reason === 'loading';
    return this.#erasesToInterior && this.#host.predicted().kind === 'loading';
  }

  #begin(
    at: ToolPoint,
    { shift }: Modifiers,
    brush: BrushSettings,
    predicted: PredictedAnswer,
  ): void {
    const { labels, z } = this.#host;
    const reason = this.#host.blocked(this.#change);
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    if (!labels || labels.painting) return;
    const rule = this.#rule(at.image, brush);
    if (!rule) return;
    this.#inVain = this.#kind === 'eraser' ? this.#whyNothingErased(predicted) : null;
    const name = this.#kind === 'eraser' ? stepNames.eraser : stepNames.brush;
    const ink = this.#ink(brush, rule, predicted);
    this.#stroke = labels.beginStroke({ z, radius: brush.radius, name, ink });
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
    if (!stroke.commit() && this.#inVain) this.#host.tellBlocked(this.#inVain);
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
    const { settings, fields, z, centre, plane } = this.#host;
    // Has the gate read before the first stroke.
    if (settings.gate && plane === null) fields.read('probability', z, fields.windowAt(centre));
  }

  /** What a stroke waited for is here, or will not come. */
  #takeUp(held: PendingStroke, here: { readonly predicted: PredictedAnswer } | null): void {
    this.#held = null;
    const [first, ...others] = held.points;
    if (!here || !first) {
      this.#host.tellBlocked('loading');
      return;
    }
    this.#begin(first, held.modifiers, held.brush, here.predicted);
    this.drag(others);
    if (held.released) this.release();
  }

  #ink(brush: BrushSettings, rule: PaintRule, predicted: PredictedAnswer): PixelEdit {
    if (this.#kind === 'brush') return { kind: 'paint', label: brush.label, rule };
    if (!this.#erasesToInterior) return { kind: 'paint', label: UNTOUCHED, rule };
    const mask = predicted.kind === 'ready' ? predicted.mask : null;
    return { kind: 'erase-to-interior', predicted: mask, rule };
  }

  #whyNothingErased(predicted: PredictedAnswer): BlockedReason {
    if (!this.#erasesToInterior) return 'no-label-to-erase';
    return predicted.kind === 'absent' ? 'nothing-predicted-to-erase' : 'nothing-to-erase';
  }

  /** What the stroke may change; null when its gate can't be had. */
  #rule(at: Point, brush: BrushSettings): PaintRule | null {
    const { settings, fields, z } = this.#host;
    if (!settings.gate) return ruleOf(brush);
    // Slices without a prediction are 0 in a plane, like those where the model is sure of no membrane.
    if (this.#host.plane !== null) {
      this.#host.tellBlocked('gate-on-slices-only');
      return null;
    }
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
