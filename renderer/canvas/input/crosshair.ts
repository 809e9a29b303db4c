import type { Point } from '#labels/rasterize';

/** Length of the crosshair's arms, CSS pixels. */
const ARM = 11;

/** Marks where the keyboard points: an element of its own over the slice, like the brush ring. */
export class Crosshair {
  readonly #element = document.createElement('div');

  constructor(container: HTMLElement) {
    const { style } = this.#element;
    const size = `${String(2 * ARM + 1)}px`;
    Object.assign(style, {
      position: 'absolute',
      left: '0',
      top: '0',
      width: size,
      height: size,
      pointerEvents: 'none',
      display: 'none',
      // Light lines with a dark rim: seen on any grey.
      background:
        'linear-gradient(#fff, #fff) center / 100% 1px no-repeat, linear-gradient(#fff, #fff) center / 1px 100% no-repeat, linear-gradient(rgba(0,0,0,.7), rgba(0,0,0,.7)) center / 100% 3px no-repeat, linear-gradient(rgba(0,0,0,.7), rgba(0,0,0,.7)) center / 3px 100% no-repeat',
    });
    this.#element.setAttribute('aria-hidden', 'true');
    this.#element.dataset['cursor'] = 'keyboard';
    container.append(this.#element);
  }

  /** Draws the crosshair at a point of the view, CSS pixels. */
  place({ x, y }: Point): void {
    const { style } = this.#element;
    style.transform = `translate(${(x - ARM - 0.5).toFixed(1)}px, ${(y - ARM - 0.5).toFixed(1)}px)`;
    style.display = 'block';
  }

  hide(): void {
    this.#element.style.display = 'none';
  }

  dispose(): void {
    this.#element.remove();
  }
}
