import type { QueueEntry } from '#contract/entities';
import type { ModelId } from '#contract/ids';

/** Pixels within which a place is the one that was answered, after the map changed a little. */
const SAME_PLACE = 12;

/** What a list was made for; another one may have other places. */
export interface QueueBasis {
  readonly model: ModelId | null;
  readonly threshold: number;
}

/** Where to look next: the list that main made, and how far the user is in it. Answers last as long as the project is open. */
export class QueueState {
  entries = $state.raw<readonly QueueEntry[]>([]);
  index = $state(-1);
  looking = $state(false);
  /** Everything was gone through, or there is nothing to ask. */
  over = $state(false);
  #basis: QueueBasis | null = null;
  /** Places that were answered or skipped. */
  #passed: QueueEntry[] = [];

  /** The place in view. */
  readonly current = $derived<QueueEntry | null>(this.entries[this.index] ?? null);

  /** Takes a list that main made for `basis`; what was passed is not asked again. */
  take(entries: readonly QueueEntry[], basis: QueueBasis): void {
    this.#basis = basis;
    this.entries = entries.filter(
      (entry) =>
        !this.#passed.some(
          ({ z, x, y }) =>
            z === entry.z &&
            Math.abs(x - entry.x) <= SAME_PLACE &&
            Math.abs(y - entry.y) <= SAME_PLACE,
        ),
    );
    this.index = -1;
    this.over = this.entries.length === 0;
  }

  /** The list is not one of these predictions, this version and this threshold. */
  isStale({ model, threshold }: QueueBasis): boolean {
    return this.#basis?.model !== model || this.#basis.threshold !== threshold;
  }

  /** There are other predictions: the next step asks main again. */
  outdate(): void {
    this.#basis = null;
  }

  /** Whether a place follows in the list. */
  get hasNext(): boolean {
    return this.index + 1 < this.entries.length;
  }

  /** The place in view was answered or skipped: another list won't ask about it. */
  pass(): void {
    if (this.current !== null) this.#passed.push(this.current);
  }

  /** Goes on to the next place; null = there is none. */
  next(): QueueEntry | null {
    if (!this.hasNext) return null;
    this.index += 1;
    return this.current;
  }

  /** Back to the place before; null = there is none. */
  previous(): QueueEntry | null {
    if (this.index <= 0) return null;
    this.index -= 1;
    return this.current;
  }

  /** Another project. */
  close(): void {
    this.entries = [];
    this.index = -1;
    this.looking = false;
    this.over = false;
    this.#basis = null;
    this.#passed = [];
  }
}
