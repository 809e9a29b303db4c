import type { Point } from '#labels/rasterize';
import type { ToolPoint } from '../tools/tool';
import type { ToolController } from '../tools/tool-controller';
import { KeyboardCursor } from './keyboard-cursor';
import type { ViewCamera } from './view-camera';
import { toView } from './view-geometry';

/** The crosshair stays this far from the view's edge, CSS pixels; the slice moves instead. */
const MARGIN = 48;

export interface KeyboardHandOptions {
  readonly container: HTMLElement;
  readonly camera: ViewCamera;
  readonly controller: ToolController;
  /** Size of the slice; null while no stack is open. */
  readonly slice: () => { readonly width: number; readonly height: number } | null;
  /** The crosshair points here now, CSS pixels of the view. */
  readonly pointed: (at: Point) => void;
  /** Image point under the mouse; null when it is elsewhere. */
  readonly pointer: () => Point | null;
}

/**
 * Does with the keyboard what a mouse does: moves a crosshair by image
 * pixels, presses and lets go of the tool in hand. A tap on the key presses,
 * another one lets go; held down while the crosshair moves, it lets go when it
 * comes up.
 */
export class KeyboardHand {
  readonly #options: KeyboardHandOptions;
  readonly #cursor: KeyboardCursor;
  #pressed = false;
  /** The key is down, and the crosshair moved since. */
  #draggedByHeldKey = false;
  /** Where the mouse rested when the keyboard took over: until it leaves there, it says nothing. */
  #mouse: Point | null = null;

  constructor(options: KeyboardHandOptions) {
    this.#options = options;
    this.#cursor = new KeyboardCursor(options.container);
  }

  /** Image point of the crosshair; null while it is not shown. */
  get at(): Point | null {
    return this.#cursor.at;
  }

  /** A press of the keyboard's is under way. */
  get holds(): boolean {
    return this.#pressed && this.#options.controller.busy;
  }

  /** A mouse event without a movement, such as Chromium makes when the page changes under the pointer. */
  ignores({ x, y }: Point): boolean {
    const same = this.#mouse !== null && this.#mouse.x === x && this.#mouse.y === y;
    this.#mouse = { x, y };
    return same && this.#cursor.at !== null;
  }

  /** Moves the crosshair by image pixels; it appears under the mouse, else in the middle of the view. */
  move(dx: number, dy: number): void {
    const slice = this.#options.slice();
    if (!slice) return;
    const { camera, controller } = this.#options;
    const from = this.#cursor.at;
    const start = from ?? this.#options.pointer() ?? camera.geometry.centre;
    const to = from ? { x: from.x + dx, y: from.y + dy } : start;
    this.#cursor.point(to, slice.width, slice.height);
    this.#intoView();
    const point = this.#point();
    if (!point) return;
    this.#options.pointed(point.view);
    if (!this.holds) return;
    this.#draggedByHeldKey = true;
    controller.drag([point]);
  }

  /** The key went down: presses at the crosshair, or lets go. `straight` = with Shift. */
  press(straight: boolean): void {
    const { controller } = this.#options;
    if (this.holds) {
      this.#release();
      return;
    }
    if (controller.busy) return;
    if (!this.#cursor.at) this.move(0, 0);
    const point = this.#point();
    if (!point) return;
    controller.press(0, point, { shift: straight, control: false, alt: false });
    this.#pressed = true;
    this.#draggedByHeldKey = false;
    if (controller.clicks) this.#release();
  }

  /** The key came up. */
  keyUp(): void {
    if (this.holds && this.#draggedByHeldKey) this.#release();
    this.#draggedByHeldKey = false;
  }

  /** The gesture ended in another way. */
  letGo(): void {
    this.#pressed = false;
  }

  hide(): void {
    this.#cursor.hide();
  }

  /** The view moved under the crosshair. */
  follow(): void {
    const point = this.#point();
    if (!point) return;
    this.#cursor.place(point.view);
  }

  dispose(): void {
    this.#cursor.dispose();
  }

  #release(): void {
    this.#pressed = false;
    this.#options.controller.release();
  }

  #point(): ToolPoint | null {
    const image = this.#cursor.at;
    return image && { image, view: toView(this.#options.camera.geometry, image) };
  }

  #intoView(): void {
    const point = this.#point();
    if (!point) return;
    const { camera } = this.#options;
    const { viewWidth, viewHeight } = camera.geometry;
    const beyond = (at: number, size: number): number => {
      const margin = Math.min(MARGIN, size / 4);
      return Math.max(0, margin - at) - Math.max(0, at - (size - margin));
    };
    const dx = beyond(point.view.x, viewWidth);
    const dy = beyond(point.view.y, viewHeight);
    // A fitted slice is all in sight: it is not pushed about for the sake of the margin.
    const fits = camera.fitted;
    if (!fits && (dx !== 0 || dy !== 0)) camera.panBy(dx, dy);
    this.follow();
  }
}
