import { MembranaError, toErrorReport, type ErrorReport } from '#contract/errors';
import type { EncodedEdit } from '#contract/project-step';
import { headOf, recordedStep, type Edit } from './edit';
import { Listeners } from './listeners';

/** Time as the outbox needs it: milliseconds, and calls in the future that can be taken back. */
export interface Clock {
  now(): number;
  /** Returns the disposer. */
  after(milliseconds: number, call: () => void): () => void;
}

/** Sends one step; resolves with its sequence once the journal is flushed. */
export type SendStep = (step: EncodedEdit) => Promise<number>;

export type SavedState =
  | { readonly kind: 'saved'; readonly sequence: number }
  | { readonly kind: 'saving'; readonly pending: number }
  /** Another process holds the project: these steps are in a file of their own, and none is in the project. */
  | { readonly kind: 'aside'; readonly kept: number }
  | { readonly kind: 'failed'; readonly pending: number; readonly error: ErrorReport };

/** Nothing waits any more: every step is in the project, or beside it because another process holds it. */
export function isSettled(state: SavedState): boolean {
  return state.kind === 'saved' || state.kind === 'aside';
}

const FIRST_RETRY = 500;
const LAST_RETRY = 15_000;
const LATENCIES = 4096;

interface Waiting {
  readonly entry: Edit;
  readonly sequence: number;
  readonly step: EncodedEdit;
  readonly since: number;
}

/**
 * Steps on their way to the journal, one at a time, in order, whatever they
 * change. A failed send is tried again with the same bytes, however often it
 * takes (steps are absolute: twice is harmless); meanwhile more can be put in,
 * and nothing is ever dropped.
 */
export class Outbox {
  readonly #send: SendStep;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<SavedState>();
  readonly #acknowledged: (entry: Edit) => void;
  readonly #waiting: Waiting[] = [];
  readonly #latencies: number[] = [];
  #state: SavedState;
  #sending = false;
  #retry: (() => void) | undefined;
  #delay = FIRST_RETRY;
  #sequence: number;
  #disposed = false;
  /** Steps that main has put into a file beside the project. */
  #kept = 0;

  constructor(options: {
    readonly send: SendStep;
    readonly clock: Clock;
    /** Last sequence that the journal already holds. */
    readonly sequence: number;
    readonly acknowledged: (entry: Edit) => void;
  }) {
    this.#send = options.send;
    this.#clock = options.clock;
    this.#sequence = options.sequence;
    this.#acknowledged = options.acknowledged;
    this.#state = { kind: 'saved', sequence: options.sequence };
  }

  get state(): SavedState {
    return this.#state;
  }

  /** Milliseconds from `put` to acknowledged, newest last; the last 4,096. */
  get latencies(): readonly number[] {
    return this.#latencies;
  }

  onState(listener: (state: SavedState) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Steps that are not acknowledged, oldest first. */
  *pending(): IterableIterator<Edit> {
    for (const { entry } of this.#waiting) yield entry;
  }

  put(entry: Edit): void {
    const { sequence } = headOf(entry);
    const since = this.#clock.now();
    this.#waiting.push({ entry, sequence, step: recordedStep(entry), since });
    if (this.#state.kind === 'failed')
      this.#tell({ ...this.#state, pending: this.#waiting.length });
    else this.#tell({ kind: 'saving', pending: this.#waiting.length });
    if (this.#retry === undefined) void this.#drain();
  }

  /** Tries again at once, when sending had failed. */
  retryNow(): void {
    this.#retry?.();
    this.#retry = undefined;
    void this.#drain();
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry?.();
    this.#retry = undefined;
    this.#listeners.clear();
  }

  /** Asked anew after every wait. */
  #isDisposed(): boolean {
    return this.#disposed;
  }

  async #drain(): Promise<void> {
    if (this.#sending || this.#isDisposed()) return;
    this.#sending = true;
    try {
      for (let first = this.#waiting[0]; first && !this.#isDisposed(); first = this.#waiting[0]) {
        if (!(await this.#sendStep(first))) {
          this.#waiting.shift();
          this.#kept += 1;
          const pending = this.#waiting.length;
          this.#tell(
            pending > 0 ? { kind: 'saving', pending } : { kind: 'aside', kept: this.#kept },
          );
          continue;
        }
        this.#waiting.shift();
        this.#sequence = first.sequence;
        this.#delay = FIRST_RETRY;
        this.#latencies.push(this.#clock.now() - first.since);
        if (this.#latencies.length > LATENCIES) this.#latencies.shift();
        this.#acknowledged(first.entry);
        if (this.#waiting.length === 0) this.#tell({ kind: 'saved', sequence: this.#sequence });
        else this.#tell({ kind: 'saving', pending: this.#waiting.length });
      }
    } catch (error) {
      if (!this.#isDisposed()) this.#failed(error);
    } finally {
      this.#sending = false;
    }
  }

  /** True when the step is in the project, false when it is kept beside it. */
  async #sendStep({ step, sequence }: Waiting): Promise<boolean> {
    try {
      const answered = await this.#send(step);
      if (answered < sequence) throw unacknowledged(sequence, answered);
      return true;
    } catch (error) {
      if (error instanceof MembranaError && error.data['keptAside'] === true) return false;
      throw error;
    }
  }

  #failed(error: unknown): void {
    const pending = this.#waiting.length;
    this.#retry = this.#clock.after(this.#delay, () => {
      this.#retry = undefined;
      void this.#drain();
    });
    this.#delay = Math.min(LAST_RETRY, this.#delay * 2);
    this.#tell({ kind: 'failed', pending, error: toErrorReport(error) });
  }

  #tell(state: SavedState): void {
    this.#state = state;
    this.#listeners.tell(state);
  }
}

function unacknowledged(sent: number, answered: number): MembranaError {
  return new MembranaError(
    'internal',
    `Step ${String(sent)} was answered as ${String(answered)}.`,
    {
      hint: 'It is sent again; keep the window open.',
      data: { sent, answered },
    },
  );
}
