const WINDOW_MS = 5 * 60_000;
const CRASHES_ALLOWED = 3;
const FIRST_DELAY_MS = 250;

export type RestartDecision =
  { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'refuse'; readonly ms: number };

/**
 * When a compute process that crashed may start again: at once the first
 * time, then after a delay that doubles with each crash, and after three
 * crashes within five minutes not until the oldest of them is five minutes old.
 */
export class RestartPolicy {
  #crashes: number[] = [];

  crashed(now: number): void {
    this.#crashes.push(now);
  }

  /** Work that lasts was done since the last crash: what kills the process is not the work itself. */
  forgive(): void {
    this.#crashes = [];
  }

  /** `ms` = how long from `now`. */
  decide(now: number): RestartDecision {
    this.#crashes = this.#crashes.filter((time) => now - time < WINDOW_MS);
    const [oldest] = this.#crashes;
    const last = this.#crashes.at(-1);
    if (oldest === undefined || last === undefined) return { kind: 'wait', ms: 0 };
    if (this.#crashes.length >= CRASHES_ALLOWED)
      return { kind: 'refuse', ms: oldest + WINDOW_MS - now };
    const delay = FIRST_DELAY_MS * 2 ** (this.#crashes.length - 1);
    return { kind: 'wait', ms: Math.max(0, last + delay - now) };
  }
}
