import type { Point } from '#labels/rasterize';
import type { ToolPoint } from '../../tools/tool';
import type { ToolController } from '../../tools/tool-controller';
import type { Crosshair } from './crosshair';
import type { ViewCamera } from '../camera/view-camera';
import { toView } from '../camera/view-geometry';

/** The crosshair stays this far from the view's edge, CSS pixels; the slice moves instead. */
const MARGIN = 48;

export interface KeyboardHandOptions {
  readonly mark: Pick<Crosshair, 'place' | 'hide'>;
  readonly camera: ViewCamera;
  readonly controller: ToolController;
  /** Size of the slice; null while no stack is open. */
  readonly slice: () => { readonly width: number; readonly height: number } | null;
  /** The crosshair points here now, CSS pixels of the view. */
  readonly pointed: (at: Point) => void;
  /** Where it begins, before anything else; null = nowhere in particular. */
  readonly start?: () => Point | null;
  /** Image point under the mouse; null when it is elsewhere. */
  readonly pointer: () => Point | null;
}

/**
 * Does with the keyboard what a mouse does: moves a crosshair by image
 * pixels, presses and lets go of the tool in hand. A tap on the key presses,
 * another one lets go; held down while the crosshair moves, it lets go when it
 * comes up.
 */
export class KeyboardPointer {
  readonly #options: KeyboardHandOptions;
  /** Image point of the crosshair, the middle of a pixel. */
  #at: Point | null = null;
  #pressed = false;
  /** The key is down, and the crosshair moved since. */
  #draggedByHeldKey = false;
  /** Where the mouse rested when the keyboard took over: until it leaves there, it says nothing. */
  #mouse: Point | null = null;

  constructor(options: KeyboardHandOptions) {
    this.#options = options;
  }

  /** Image point of the crosshair; null while it is not shown. */
  get at(): Point | null {
    return this.#at;
  }

  /** A press of the keyboard's is under way. */
  get holds(): boolean {
    return this.#pressed && this.#options.controller.busy;
  }

  /** A mouse event without a movement, such as Chromium makes when the page changes under the pointer. */
  ignores({ x, y }: Point): boolean {
    const same = this.#mouse !== null && this.#mouse.x === x && this.#mouse.y === y;
    this.#mouse = { x, y };
    return same && this.#at !== null;
  }

  /** Moves the crosshair by image pixels; it appears under the mouse, else in the middle of the view. */
  move(dx: number, dy: number): void {
    const slice = this.#options.slice();
    if (!slice) return;
    const { camera, controller } = this.#options;
    const from = this.#at ?? this.#options.start?.() ?? null;
    const start = from ?? this.#options.pointer() ?? camera.geometry.centre;
    const to = from ? { x: from.x + dx, y: from.y + dy } : start;
    this.#at = { x: middle(to.x, slice.width), y: middle(to.y, slice.height) };
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
    if (!this.#at) this.move(0, 0);
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
    this.#at = null;
    this.#options.mark.hide();
  }

  /** The view moved under the crosshair. */
  follow(): void {
    const point = this.#point();
    if (!point) return;
    this.#options.mark.place(point.view);
  }

  #release(): void {
    this.#pressed = false;
    this.#options.controller.release();
    // No pointer moves after it: what lies under the crosshair is asked for anew.
    const point = this.#point();
    if (point) this.#options.pointed(point.view);
  }

  #point(): ToolPoint | null {
    const image = this.#at;
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

/** The middle of the pixel under a coordinate, within the slice. */
function middle(at: number, size: number): number {
  return Math.min(Math.max(0, Math.floor(at)), size - 1) + 0.5;
}
