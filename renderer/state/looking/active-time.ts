/** Longest pause between two inputs that is still work, in milliseconds: looking, before the hand moves on. */
export const LONGEST_PAUSE_MS = 20_000;

/** Time that a person spends at the canvas: the pauses between inputs, as far as none is a break. */
export class ActiveTime {
  #last: number | null = null;
  #untold = 0;
  #seconds = 0;

  /** Seconds since this was made. */
  get seconds(): number {
    return this.#seconds;
  }

  /** An input at `at`, in milliseconds of any clock that never goes back. */
  input(at: number): void {
    const passed = this.#last === null ? 0 : at - this.#last;
    this.#last = at;
    if (passed <= 0 || passed > LONGEST_PAUSE_MS) return;
    this.#seconds += passed / 1000;
    this.#untold += passed / 1000;
  }

  /** Seconds that nobody has taken yet; they count as taken. */
  take(): number {
    const seconds = this.#untold;
    this.#untold = 0;
    return seconds;
  }

  /** What comes next belongs to another project: the pause before it to none. */
  leave(): void {
    this.#last = null;
    this.#untold = 0;
  }
}
