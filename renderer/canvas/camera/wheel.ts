/** What a turn of the wheel asks for. */
export type WheelMeaning =
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'brush'; readonly factor: number }
  | { readonly kind: 'slices'; readonly steps: number }
  | { readonly kind: 'nothing' };

/** A mouse wheel's notch is 100–120 px; a touch pad sends many small ones. */
const NOTCH = 80;
const TOUCH_TRAVEL = 50;
const PIXEL_MODE = 0;
const LINE = 16;
const ZOOM_PER_PIXEL = 0.0022;
/** Pinching arrives as Ctrl + wheel in small steps. */
const ZOOM_PER_PINCH = 0.01;
const BRUSH_STEP = 1.12;

/** The part of a WheelEvent that counts. */
export type WheelTurn = Pick<
  WheelEvent,
  'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey' | 'ctrlKey' | 'metaKey'
>;

/** Reads wheel events; remembers the travel of touch pads that is not a whole step yet. */
export class WheelReader {
  #travel = 0;

  read(event: WheelTurn, plain: 'slices' | 'zoom'): WheelMeaning {
    // With Shift held systems turn the wheel sideways.
    const turned = event.deltaY !== 0 ? event.deltaY : event.deltaX;
    const delta = event.deltaMode === PIXEL_MODE ? turned : turned * LINE;
    if (delta === 0) return { kind: 'nothing' };
    if (event.shiftKey) {
      const steps = this.#steps(delta);
      return steps === 0 ? { kind: 'nothing' } : { kind: 'brush', factor: BRUSH_STEP ** -steps };
    }
    const modified = event.ctrlKey || event.metaKey;
    if (modified === (plain === 'slices')) {
      const perPixel = modified && Math.abs(delta) < TOUCH_TRAVEL ? ZOOM_PER_PINCH : ZOOM_PER_PIXEL;
      return { kind: 'zoom', factor: Math.exp(-delta * perPixel) };
    }
    const steps = this.#steps(delta);
    return steps === 0 ? { kind: 'nothing' } : { kind: 'slices', steps };
  }

  #steps(delta: number): number {
    if (Math.abs(delta) >= NOTCH) {
      this.#travel = 0;
      return Math.sign(delta);
    }
    this.#travel += delta;
    const steps = Math.trunc(this.#travel / TOUCH_TRAVEL);
    this.#travel -= steps * TOUCH_TRAVEL;
    return steps;
  }
}
