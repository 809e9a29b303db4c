/** Slices that follow each other faster than this, in ms, are leafed through and not looked at; a held key repeats every 33. */
const RUSH = 60;

/** Slices that a turn may show next: tiles in sight of those that are `near`, of `far` ones the coarsest alone. */
export interface Neighbours {
  readonly near: readonly number[];
  readonly far: readonly number[];
}

/** Where the turns lead at any moment: the slices that come next if they go on, in their order, and whether turns come faster than slices do. */
export interface Course {
  readonly ahead: readonly number[];
  readonly hurried: boolean;
}

const UNKNOWN: Course = { ahead: [], hurried: false };

/** How somebody goes through a stack: which way, and whether in a rush. */
export class SlicePace {
  #z: number | null = null;
  #turned = -Infinity;
  #direction: 1 | -1 = 1;
  #rushing = false;
  #ahead: readonly number[] = [];

  get rushing(): boolean {
    return this.#rushing;
  }

  /** A slice is in view at `now` (ms): another one, or the same still. */
  see(z: number, now: number, course: Course = UNKNOWN): void {
    this.#ahead = course.ahead;
    const before = this.#z;
    const soon = now - this.#turned < RUSH;
    if (z === before) {
      this.#rushing &&= soon || course.hurried;
      return;
    }
    this.#rushing = before !== null && (soon || course.hurried);
    if (before !== null) this.#direction = z < before ? -1 : 1;
    if (before !== null) this.#turned = now;
    this.#z = z;
  }

  /** What may be looked at after `z`, the likeliest first: in a rush nobody turns back. */
  neighboursOf(z: number): Neighbours {
    const ahead = z + this.#direction;
    const behind = z - this.#direction;
    if (this.#rushing) return { near: this.#ahead.length > 0 ? this.#ahead : [ahead], far: [] };
    return { near: [ahead, behind], far: [ahead + this.#direction, behind - this.#direction] };
  }

  /** Milliseconds after which nobody is in a rush any more, if nothing is turned. */
  static readonly rest = RUSH;
}
