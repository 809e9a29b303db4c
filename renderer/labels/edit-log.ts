import type { EncodedEdit } from '#contract/project-step';
import { StepHistory } from './history';
import { entryOf, headOf, inGroup, type Edit } from './edit';
import { Listeners } from './listeners';
import { isSettled, Outbox, type Clock, type SavedState, type SendStep } from './outbox';

export interface EditLogOptions {
  /** Sequence of the last journalled step; this session goes on from the next. */
  readonly lastSequence: number;
  readonly send: SendStep;
  readonly clock: Clock;
  /** Bytes of steps that undo reaches back over. */
  readonly undoBudget: number;
  /** The step is on the disk. */
  readonly acknowledged: (entry: Edit) => void;
}

/**
 * The steps of a session in one order: each gets the next number of the
 * project, stands in the undo history, and goes out to the journal behind the
 * one before it, whatever it changes.
 */
export class EditLog {
  readonly #history: StepHistory;
  readonly #outbox: Outbox;
  readonly #changes = new Listeners<null>();
  readonly #first: number;
  #sequence: number;
  /** Group of the steps that are recorded now. */
  #open: number | null = null;

  constructor({ lastSequence, send, clock, undoBudget, acknowledged }: EditLogOptions) {
    this.#first = lastSequence;
    this.#sequence = lastSequence;
    this.#history = new StepHistory(undoBudget);
    this.#outbox = new Outbox({ send, clock, sequence: lastSequence, acknowledged });
  }

  get saved(): SavedState {
    return this.#outbox.state;
  }

  /** The number that the next step gets. */
  get next(): number {
    return this.#sequence + 1;
  }

  /** Name of the step that undo would take back; null when there is none. */
  get undoName(): string | null {
    return this.#history.undoName;
  }

  get redoName(): string | null {
    return this.#history.redoName;
  }

  /** As `StepHistory.upcoming`. */
  upcoming(direction: 'undo' | 'redo'): readonly Edit[] {
    return this.#history.upcoming(direction);
  }

  /** Bytes that the undo history holds. */
  get historyBytes(): number {
    return this.#history.bytes;
  }

  /** Milliseconds from the end of a step to its acknowledgement, newest last. */
  latencies(): readonly number[] {
    return this.#outbox.latencies;
  }

  /** Steps that are not acknowledged, oldest first. */
  pending(): IterableIterator<Edit> {
    return this.#outbox.pending();
  }

  onSaved(listener: (state: SavedState) => void): () => void {
    return this.#outbox.onState(listener);
  }

  /** Undo and redo names may have changed. */
  onHistory(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  /** Sends at once what is waiting after a failure. */
  retryNow(): void {
    this.#outbox.retryNow();
  }

  /** Resolves when every step is acknowledged; waits as long as saving fails. */
  flushed(): Promise<void> {
    if (isSettled(this.saved)) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.onSaved((state) => {
        if (!isSettled(state)) return;
        stop();
        resolve();
      });
    });
  }

  /** Puts the journal's steps, oldest first, beneath those of this session, which are passed over. */
  restore(steps: Iterable<EncodedEdit>): void {
    const before: Edit[] = [];
    for (const step of steps) {
      const entry = entryOf(step);
      if (headOf(entry).sequence <= this.#first) before.push(entry);
    }
    this.#history.restoreBeneath(before);
    this.#changes.tell(null);
  }

  /** A new step, which has the next number. */
  record(entry: Edit): void {
    const recorded = this.#open === null ? entry : inGroup(entry, this.#open);
    this.#history.record(recorded);
    this.#post(recorded);
  }

  /** Steps that `work` records are taken back and done again as one. */
  transact<T>(work: () => T): T {
    if (this.#open !== null) return work();
    this.#open = this.next;
    try {
      return work();
    } finally {
      this.#open = null;
    }
  }

  /** The entries that take the last step (or group of steps) back, on their way to the journal already; none when there is none. */
  undo(): readonly Edit[] {
    return this.#group(
      () => this.#history.undo(this.next),
      () => this.#history.undoGroup,
    );
  }

  /** The entries that do the last undone step (or group) again, on their way to the journal already; none when there is none. */
  redo(): readonly Edit[] {
    return this.#group(
      () => this.#history.redo(this.next),
      () => this.#history.redoGroup,
    );
  }

  dispose(): void {
    this.#outbox.dispose();
    this.#changes.clear();
  }

  #group(travel: () => Edit | null, nextGroup: () => number | undefined): readonly Edit[] {
    const entries: Edit[] = [];
    for (let entry = this.#post(travel()); entry; entry = this.#post(travel())) {
      entries.push(entry);
      const { group } = headOf(entry);
      if (group === undefined || nextGroup() !== group) break;
    }
    return entries;
  }

  #post(entry: Edit | null): Edit | null {
    if (!entry) return null;
    this.#sequence += 1;
    this.#outbox.put(entry);
    this.#changes.tell(null);
    return entry;
  }
}
