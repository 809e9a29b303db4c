/** Longest that a turn waits for the slice in view to come up, in ms. */
const PATIENCE = 300;

/**
 * Turns of the wheel, of a held key or of the scrubber, at the pace at which
 * slices come up: while one is on its way the turns gather, and then all of
 * them are made at once. Leaving every slice before it is there would show none.
 */
export class SliceTurns {
  readonly #go: (z: number) => void;
  #cameUp = true;
  #left = -Infinity;
  #waiting: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `go` shows a slice. */
  constructor(go: (z: number) => void) {
    this.#go = go;
  }

  /** The slice that the turns so far lead to; null = none waits. */
  get waiting(): number | null {
    return this.#waiting;
  }

  /** Goes to a slice as soon as the one in view has come up. */
  turnTo(z: number): void {
    const patience = this.#left + PATIENCE - performance.now();
    this.#waiting = z;
    if (this.#cameUp || patience <= 0) this.arrive();
    else
      this.#timer ??= setTimeout(() => {
        this.arrive();
      }, patience);
  }

  /** Makes the turns that wait; false if there are none. */
  arrive(): boolean {
    const z = this.#waiting;
    this.stay();
    if (z !== null) this.#go(z);
    return z !== null;
  }

  /** Drops the turns that wait. */
  stay(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
  }

  /** Another slice is to come into view. */
  leave(): void {
    this.stay();
    this.#cameUp = false;
    this.#left = performance.now();
  }

  /** The slice in view is drawn completely. */
  comeUp(): void {
    this.#cameUp = true;
    this.arrive();
  }
}
