import type { Point } from '#labels/rasterize';
import { toView, type ViewGeometry } from '../camera/view-geometry';

/** Left free around the point itself, CSS pixels to each side. */
const GAP = 9;

/** Where two planes cross this one: lines over the whole view, free around their point. Elements of their own, so that moving them draws no canvas anew. */
export class PlaneCross {
  readonly #clip = document.createElement('div');
  readonly #lines: readonly HTMLElement[];
  #at: Point | null = null;

  constructor(container: HTMLElement) {
    Object.assign(this.#clip.style, {
      position: 'absolute',
      inset: '0',
      overflow: 'hidden',
      pointerEvents: 'none',
      display: 'none',
    });
    this.#clip.setAttribute('aria-hidden', 'true');
    this.#clip.dataset['cross'] = 'planes';
    this.#lines = ['left', 'right', 'top', 'bottom'].map((side) => {
      const line = document.createElement('div');
      const along = side === 'left' || side === 'right';
      Object.assign(line.style, {
        position: 'absolute',
        left: '0',
        top: '0',
        width: along ? '200%' : '1px',
        height: along ? '1px' : '200%',
        background: 'rgba(255, 255, 255, 0.8)',
        // A dark rim: seen on any grey.
        boxShadow: '0 0 0 1px rgba(0, 0, 0, 0.25)',
      });
      this.#clip.append(line);
      return line;
    });
    container.append(this.#clip);
  }

  /** Image point where they cross; null while that is not shown. */
  get at(): Point | null {
    return this.#at;
  }

  show(at: Point | null, geometry: ViewGeometry): void {
    this.#at = at;
    this.#clip.style.display = at ? 'block' : 'none';
    if (!at) return;
    const view = toView(geometry, at);
    const [x, y] = [view.x - 0.5, view.y - 0.5];
    const [left, right, top, bottom] = this.#lines;
    place(left, `calc(-100% + ${(x - GAP).toFixed(1)}px)`, px(y));
    place(right, px(x + GAP), px(y));
    place(top, px(x), `calc(-100% + ${(y - GAP).toFixed(1)}px)`);
    place(bottom, px(x), px(y + GAP));
  }

  dispose(): void {
    this.#clip.remove();
  }
}

function px(at: number): string {
  return `${at.toFixed(1)}px`;
}

function place(line: HTMLElement | undefined, x: string, y: string): void {
  if (line) line.style.transform = `translate(${x}, ${y})`;
}
