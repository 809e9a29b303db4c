import type { CommandInput } from '#contract/commands';

type View = CommandInput<'project.saveView'>['view'];

/** Longest that a change waits, in milliseconds; those that come meanwhile go with it. */
const LONGEST_WAIT = 200;

/** Where the user looks and what is in hand, on its way to the project: a moment after a change, however many follow, or at once when they leave. */
export class SavedView {
  readonly #send: (view: View) => Promise<unknown>;
  #waiting: View | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (view: View) => Promise<unknown>) {
    this.#send = send;
  }

  /** Saves `view`, or what is newer by then. */
  soon(view: View): void {
    this.#waiting = view;
    this.#timer ??= setTimeout(() => {
      void this.flush();
    }, LONGEST_WAIT);
  }

  /** Saves what waits; resolves when that is done. */
  async flush(): Promise<void> {
    const view = this.#waiting;
    this.forget();
    if (!view) return;
    // Where one looked is a comfort; failing to keep it is not worth a word.
    await this.#send(view).catch(() => undefined);
  }

  /** Drops what waits. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = null;
  }
}
