import type { ByteField } from '#labels/byte-field';
import { wandArea } from '#labels/operations/wand';
import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';
import { stepNames } from '../strings/step-names';
import { areaContains } from './area-contains';
import { isCut, paintArea } from './area-commit';
import { sliceRect } from './slice-rect';
import type { Tool, ToolExit, ToolHost, ToolPoint } from './tool';

/** A drag shorter than this, in CSS pixels, is a click; from there on, so many CSS pixels are one step of tolerance. */
const CLICK = 3;
const PER_STEP = 2;

interface Selection {
  readonly seed: Point;
  readonly field: ByteField;
  readonly area: PixelArea;
}

/**
 * Takes up the connected pixels whose probability (without a prediction:
 * brightness) is near the one pressed on. Dragging sideways widens or narrows
 * what "near" means; a second click inside or Enter paints it, Escape drops it.
 */
export class WandTool implements Tool {
  readonly #host: ToolHost;
  #selection: Selection | null = null;
  #pressed: { readonly at: ToolPoint; readonly tolerance: number; readonly again: boolean } | null =
    null;
  #moved = false;
  /** Pressed while the slice was still being read: selected as soon as it is. */
  #early: Point | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (this.#pressed) return 'tuning';
    return this.#selection ? 'waiting' : 'idle';
  }

  press(at: ToolPoint): void {
    const reason = this.#host.blocked();
    if (reason) {
      this.#host.tellBlocked(reason);
      return;
    }
    this.#early = null;
    const again = this.#selection !== null && areaContains(this.#selection.area, at.image);
    if (!again && !this.#select(at.image, this.#host.settings.tolerance)) return;
    this.#pressed = { at, tolerance: this.#host.settings.tolerance, again };
    this.#moved = false;
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1);
    const [pressed, selection] = [this.#pressed, this.#selection];
    if (!to || !pressed || !selection) return;
    const dx = to.view.x - pressed.at.view.x;
    this.#moved ||= Math.abs(dx) > CLICK;
    if (!this.#moved) return;
    const tolerance = Math.min(255, Math.max(0, Math.round(pressed.tolerance + dx / PER_STEP)));
    if (tolerance === this.#host.settings.tolerance) return;
    this.#host.setTolerance(tolerance);
    this.#select(selection.seed, tolerance);
  }

  release(): void {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (pressed?.again === true && !this.#moved) this.accept();
  }

  exit(reason: ToolExit): void {
    this.#pressed = null;
    if (reason !== 'lost') this.#drop();
  }

  accept(): boolean {
    const selection = this.#selection;
    if (!selection) return false;
    this.#drop();
    if (isCut(selection.area, selection.field.rect, sliceRect(this.#host)))
      this.#host.tellBlocked('area-cut');
    paintArea(this.#host, stepNames.wand, selection.area);
    return true;
  }

  refresh(): void {
    const seed = this.#early ?? this.#selection?.seed;
    if (seed && !this.#pressed) this.#select(seed, this.#host.settings.tolerance);
    // Has the slice read before the first press.
    else if (!seed) this.#field(this.#host.centre);
  }

  /** Selects around a seed; false, and nothing selected, where that is not possible. */
  #select(seed: Point, tolerance: number): boolean {
    const field = this.#field(seed);
    if (!field) {
      this.#drop();
      this.#early = seed;
      return false;
    }
    this.#early = null;
    const area = wandArea(field, seed, tolerance);
    this.#selection = { seed, field, area };
    this.#host.showArea({ area, as: this.#host.brush.label });
    return true;
  }

  #field(seed: Point): ByteField | null {
    const { fields, z } = this.#host;
    const { width, height } = sliceRect(this.#host);
    if (seed.x < 0 || seed.y < 0 || seed.x >= width || seed.y >= height) return null;
    const window = fields.windowAt(seed);
    const probability = fields.read('probability', z, window);
    const answer = probability.kind === 'absent' ? fields.read('raw', z, window) : probability;
    return answer.kind === 'ready' ? answer.field : null;
  }

  #drop(): void {
    this.#selection = null;
    this.#early = null;
    this.#host.showArea(null);
  }
}
