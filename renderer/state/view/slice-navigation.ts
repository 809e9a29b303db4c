/** Somebody who is this many steps beyond the next slice jumps, and wants to see nothing between. */
const JUMP = 8;

/** Longest that a turn waits for the slice in view to come up, in ms. */
const PATIENCE = 300;

/**
 * Turns of the wheel, of a held key or of the scrubber, at the pace at which
 * slices come up: while one is on its way the turns gather, and then all of
 * them are made at once. Leaving every slice before it is there would show none.
 * Whoever goes on like this sees the slices `ahead` next, which are fetched
 * meanwhile: turns that have gathered beyond them are made by way of them.
 */
export class SliceNavigation {
  readonly #go: (z: number) => void;
  #cameUp = true;
  #left = -Infinity;
  #waiting: number | null = null;
  /** The slice in view, and where the next turn may lead. */
  #shown: number | null = null;
  #step = 0;
  #ahead: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `go` shows a slice. */
  constructor(go: (z: number) => void) {
    this.#go = go;
  }

  /** The slice that the turns so far lead to; null = none waits. */
  get waiting(): number | null {
    return this.#waiting;
  }

  /** The slices after the one in view, if the turns go on as they do, the next one first. */
  get ahead(): readonly number[] {
    return this.#ahead;
  }

  /** Goes to a slice as soon as the one in view has come up. */
  turnTo(z: number): void {
    const patience = this.#left + PATIENCE - performance.now();
    this.#step = z - (this.#waiting ?? this.#shown ?? z);
    this.#waiting = z;
    if (this.#cameUp || patience <= 0) this.arrive();
    else this.#arriveIn(patience);
  }

  #arriveIn(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.arrive();
    }, milliseconds);
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

  /** Slice `z` is to come into view. */
  leave(z: number): void {
    this.stay();
    this.#cameUp = false;
    this.#left = performance.now();
    this.#shown = z;
    this.#ahead = this.#step === 0 ? [] : [z + this.#step];
  }

  /** The slice in view is drawn completely. */
  comeUp(): void {
    this.#cameUp = true;
    const [z, shown] = [this.#waiting, this.#shown];
    const [next, second] = this.#ahead;
    if (z === null || next === undefined || shown === null || !isOnTheWay(next, shown, z)) {
      this.arrive();
      return;
    }
    this.stay();
    this.#go(next);
    this.#waiting = z;
    this.#ahead = this.#planned(z, second);
    // If the keys have stopped and this one does not come up, the last one still does.
    this.#arriveIn(PATIENCE);
  }

  /** Two slices that turns beyond `z` will pass, at least one turn each; `known` is on its way already. */
  #planned(z: number, known: number | undefined): number[] {
    const step = this.#step;
    if (known === undefined) return [z + step, z + 2 * step];
    const far = z + 2 * step;
    return [known, (far - known) * step > 0 ? far : known + step];
  }
}

/** `ahead` lies between the slice in view and where the turns lead to, and not far before that. */
function isOnTheWay(ahead: number, shown: number, z: number): boolean {
  const [step, rest] = [ahead - shown, z - ahead];
  return step * rest > 0 && Math.abs(rest) <= JUMP * Math.abs(step);
}
