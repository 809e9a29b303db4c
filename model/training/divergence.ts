/** What to do after a step. */
export type Verdict = 'go-on' | 'go-back' | 'give-up';

const window = 51;
const fewestLosses = 10;
const tolerated = 10;
const mostReturns = 3;
/** A loss below this is good whatever it was before: on easy data its median may be a thousandth of it. */
const harmless = 0.1;

/** Factor on the learning rate after each return to the last good state. */
export const returnFactor = 0.3;

/**
 * Watches the loss: a value that is not finite, or (unless it is small) above
 * ten times its running median, sends training back to the last good state, at most three times.
 */
export class DivergenceGuard {
  #losses: number[] = [];
  #returns = 0;

  get returns(): number {
    return this.#returns;
  }

  get losses(): readonly number[] {
    return this.#losses;
  }

  judge(loss: number, gradientNorm: number): Verdict {
    const sorted = this.#losses.toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
    const exploded =
      this.#losses.length >= fewestLosses && loss > Math.max(harmless, tolerated * median);
    if (Number.isFinite(loss) && Number.isFinite(gradientNorm) && !exploded) {
      this.#losses.push(loss);
      if (this.#losses.length > window) this.#losses.shift();
      return 'go-on';
    }
    this.#returns++;
    return this.#returns > mostReturns ? 'give-up' : 'go-back';
  }

  restore(losses: readonly number[], returns: number): void {
    this.#losses = [...losses];
    this.#returns = returns;
  }
}
