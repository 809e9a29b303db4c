import type { Point } from '#labels/rasterize';
import type { Tool, ToolHost, ToolPoint } from './tool';

/** Drags the slice along with the pointer. */
export class PanTool implements Tool {
  readonly #host: ToolHost;
  #from: Point | null = null;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get state(): string {
    return this.#from ? 'drag' : 'idle';
  }

  press({ view }: ToolPoint): void {
    this.#from = view;
  }

  drag(points: readonly ToolPoint[]): void {
    const to = points.at(-1)?.view;
    if (!to || !this.#from) return;
    this.#host.panBy(to.x - this.#from.x, to.y - this.#from.y);
    this.#from = to;
  }

  release(): void {
    this.#from = null;
  }

  exit(): void {
    this.#from = null;
  }

  accept(): boolean {
    return false;
  }
}
