import type { Point } from '#labels/rasterize';

/** Below this diameter, in CSS pixels, a ring would hide what it is to show: a crosshair takes over. */
const SMALLEST = 7;

/**
 * The brush at its true size: a light line between two dark ones, so that it
 * shows on any grey. An element of its own: moving it draws no canvas anew.
 */
export class BrushRing {
  readonly #element = document.createElement('div');
  #diameter = -1;
  #shown = false;

  constructor(container: HTMLElement) {
    const { style } = this.#element;
    style.position = 'absolute';
    style.left = '0';
    style.top = '0';
    style.boxSizing = 'border-box';
    style.border = '1.5px solid rgba(255, 255, 255, 0.95)';
    style.boxShadow = '0 0 0 1px rgba(0, 0, 0, 0.65), inset 0 0 0 1px rgba(0, 0, 0, 0.65)';
    style.borderRadius = '50%';
    style.pointerEvents = 'none';
    // A layer of its own: moving it paints nothing anew.
    style.willChange = 'transform';
    style.display = 'none';
    this.#element.setAttribute('aria-hidden', 'true');
    container.append(this.#element);
  }

  /** The ring around `at` (CSS pixels of the view) with a radius in CSS pixels; false where it is too small to be seen. */
  show(at: Point, radius: number): boolean {
    const diameter = Math.round(radius * 2 * 4) / 4;
    if (diameter < SMALLEST) {
      this.hide();
      return false;
    }
    const { style } = this.#element;
    if (diameter !== this.#diameter) {
      this.#diameter = diameter;
      style.width = `${String(diameter)}px`;
      style.height = `${String(diameter)}px`;
    }
    const x = (at.x - diameter / 2).toFixed(2);
    const y = (at.y - diameter / 2).toFixed(2);
    style.transform = `translate(${x}px, ${y}px)`;
    if (!this.#shown) style.display = 'block';
    this.#shown = true;
    return true;
  }

  hide(): void {
    if (this.#shown) this.#element.style.display = 'none';
    this.#shown = false;
  }

  dispose(): void {
    this.#element.remove();
  }
}
