import type { CommandInput } from '#contract/commands';

type View = CommandInput<'project.saveView'>['view'];

/** Milliseconds of quiet before the view is saved. */
const QUIET = 500;

/** Where the user looks, on its way to the project: a moment after the last change, or at once when they leave. */
export class SavedView {
  readonly #send: (view: View) => Promise<unknown>;
  #waiting: View | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (view: View) => Promise<unknown>) {
    this.#send = send;
  }

  /** Saves `view` when nothing newer comes. */
  soon(view: View): void {
    this.forget();
    this.#waiting = view;
    this.#timer = setTimeout(() => {
      void this.flush();
    }, QUIET);
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
    this.#waiting = null;
  }
}
