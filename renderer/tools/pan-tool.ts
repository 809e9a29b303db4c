import type { Point } from '#labels/rasterize';
import type { Tool, ToolHost, ToolPoint } from './tool';

/** Drags the slice along with the pointer; a click that moves nothing says where the planes cross. */
export class PanTool implements Tool {
  readonly #host: ToolHost;
  #from: Point | null = null;
  /** Where the press was, as long as nothing has moved. */
  #click: Point | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    return this.#from ? 'drag' : 'idle';
  }

  press({ view, image }: ToolPoint): void {
    this.#from = view;
    this.#click = image;
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1)?.view;
    if (!to || !this.#from) return;
    if (to.x === this.#from.x && to.y === this.#from.y) return;
    this.#click = null;
    this.#host.panBy(to.x - this.#from.x, to.y - this.#from.y);
    this.#from = to;
  }

  release(): void {
    if (this.#from && this.#click) this.#host.pointAt(this.#click);
    this.#from = null;
  }

  exit(): void {
    this.#from = null;
  }

  accept(): boolean {
    return false;
  }
}
