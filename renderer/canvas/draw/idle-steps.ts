/** Does a step of work in idle moments, again and again while it says that there is more. */
export class IdleSteps {
  readonly #step: () => boolean;
  #waiting: number | null = null;

  constructor(step: () => boolean) {
    this.#step = step;
  }

  start(): void {
    this.#waiting ??= requestIdleCallback(() => {
      this.#waiting = null;
      if (this.#step()) this.start();
    });
  }

  dispose(): void {
    if (this.#waiting !== null) cancelIdleCallback(this.#waiting);
  }
}
