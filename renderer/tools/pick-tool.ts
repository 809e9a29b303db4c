import type { Point } from '#labels/rasterize';
import type { Tool, ToolHost, ToolPoint } from './tool';

/** Takes up the label under the pointer. */
export class PickTool implements Tool {
  readonly state = 'idle';
  readonly clicks = true;
  readonly #host: ToolHost;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  press({ image }: ToolPoint): void {
    this.#host.pick(image);
  }

  drag(): void {
    // A pick is done at the press.
  }

  release(): void {
    // A pick is done at the press.
  }

  exit(): void {
    // Nothing is under way.
  }

  accept(): boolean {
    return false;
  }
}

/** CSS pixels of sideways travel that double or halve the brush, and that tell a drag from a click. */
const DOUBLING = 120;
const CLICK = 3;

/** Alt: a click picks the label, a drag sideways sizes the brush. */
export class PickOrResizeTool implements Tool {
  readonly #host: ToolHost;
  #pressed: { readonly at: ToolPoint; readonly radius: number } | null = null;
  #resizing = false;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    if (!this.#pressed) return 'idle';
    return this.#resizing ? 'resizing' : 'pressed';
  }

  press(at: ToolPoint): void {
    this.#pressed = { at, radius: this.#host.brush.radius };
    this.#resizing = false;
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1);
    if (!to || !this.#pressed) return;
    const dx = to.view.x - this.#pressed.at.view.x;
    this.#resizing ||= Math.abs(dx) > CLICK;
    if (this.#resizing) this.#host.resizeBrush(this.#pressed.radius * 2 ** (dx / DOUBLING));
  }

  release(): void {
    const at: Point | undefined = this.#pressed?.at.image;
    if (at && !this.#resizing) this.#host.pick(at);
    this.#pressed = null;
  }

  exit(): void {
    this.#pressed = null;
  }

  accept(): boolean {
    return false;
  }
}
