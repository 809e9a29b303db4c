import type { QueueEntry } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { noAnswers, secondsForPlaces, withAnswer, withPlace, type AnswerPace } from './answer-pace';

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
  #pace = $state.raw<AnswerPace>(noAnswers);

  /** Somebody has said that the place in view is wrong, and is at it. */
  #mending = $state(false);

  /** The place in view. */
  readonly current = $derived<QueueEntry | null>(this.entries[this.index] ?? null);

  /** The place in view, as long as nobody has said what it is. */
  readonly asked = $derived<QueueEntry | null>(this.#mending ? null : this.current);

  /** Seconds at the canvas that the rest will take, the place in view included; null while too little is known. */
  readonly secondsLeft = $derived(
    this.current === null ? null : secondsForPlaces(this.#pace, this.entries.length - this.index),
  );

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

  /** The place in view was answered or skipped, `active` seconds into the work: another list won't ask about it. */
  pass(active: number): void {
    if (this.current === null) return;
    this.#passed.push(this.current);
    this.#pace = withAnswer(this.#pace, active);
  }

  /** The place in view is wrong: nothing is asked of it any more. */
  mend(): void {
    this.#mending = true;
  }

  /** Goes on to the next place; null = there is none. */
  next(active: number): QueueEntry | null {
    return this.hasNext ? this.#goTo(this.index + 1, active) : null;
  }

  /** Back to the place before; null = there is none. */
  previous(active: number): QueueEntry | null {
    return this.index > 0 ? this.#goTo(this.index - 1, active) : null;
  }

  #goTo(index: number, active: number): QueueEntry | null {
    this.index = index;
    this.#mending = false;
    this.#pace = withPlace(this.#pace, active);
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
    this.#pace = noAnswers;
  }
}
