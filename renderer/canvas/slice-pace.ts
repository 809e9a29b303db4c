/** Slices that follow each other faster than this, in ms, are leafed through and not looked at; a held key repeats every 33. */
const RUSH = 60;

/** How somebody goes through a stack: which way, and whether in a rush. */
export class SlicePace {
  #z: number | null = null;
  #turned = -Infinity;
  #direction: 1 | -1 = 1;
  #rushing = false;

  /** The way that the last turn went: −1 back. */
  get direction(): 1 | -1 {
    return this.#direction;
  }

  get rushing(): boolean {
    return this.#rushing;
  }

  /** A slice is in view at `now` (ms): another one, or the same still. */
  see(z: number, now: number): void {
    const before = this.#z;
    const soon = now - this.#turned < RUSH;
    if (z === before) {
      this.#rushing &&= soon;
      return;
    }
    this.#rushing = before !== null && soon;
    if (before !== null) this.#direction = z < before ? -1 : 1;
    if (before !== null) this.#turned = now;
    this.#z = z;
  }

  /** Milliseconds after which nobody is in a rush any more, if nothing is turned. */
  static readonly rest = RUSH;
}
