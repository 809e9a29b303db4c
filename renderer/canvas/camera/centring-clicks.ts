import type { Point } from '#labels/rasterize';

/** Milliseconds and CSS pixels within which two presses are a double click, as systems have it. */
const DOUBLE_MS = 400;
const DOUBLE_PX = 4;

/** Tells a double click with Space held, which centres the view, from the presses that pan. */
export class CentringClicks {
  #held = false;
  #last: { readonly at: Point; readonly time: number } | null = null;

  /** Space went down or up. */
  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#last = null;
  }

  /** A press at `at` (CSS pixels), `time` in ms; true for the second of a double click. */
  press(at: Point, time: number): boolean {
    if (!this.#held) return false;
    const last = this.#last;
    this.#last = { at, time };
    if (last === null || time - last.time > DOUBLE_MS) return false;
    if (Math.hypot(at.x - last.at.x, at.y - last.at.y) > DOUBLE_PX) return false;
    this.#last = null;
    return true;
  }
}
