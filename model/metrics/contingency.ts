import type { Regions } from './components';

/** How the pixels of true regions are shared out among predicted ones; sums of counts, from which every score follows. */
export interface Contingency {
  /** Pixels that lie in a true region. */
  readonly pixels: number;
  /** Of these, those without a predicted region (dams): each counts as a region of its own. */
  readonly singles: number;
  /** Pixels of each true region. */
  readonly truth: Float64Array;
  /** Pixels of each predicted region, inside true regions. */
  readonly prediction: Float64Array;
  /** Pixels of each pair that occurs. */
  readonly pairs: Float64Array;
}

/**
 * Counts pairs of (true region, predicted region) over the pixels where the
 * truth is not 0; predicted labels of 0 and less are dams. Both label arrays
 * have the same order of pixels, whichever that is.
 */
export function contingencyOf(truth: Regions, prediction: Regions): Contingency {
  const truthCounts = new Float64Array(truth.count + 1);
  const predictionCounts = new Float64Array(prediction.count + 1);
  const table = new PairCounts(truth.count + prediction.count);
  let pixels = 0;
  let singles = 0;
  const add = (a: number, b: number, amount: number): void => {
    if (a <= 0) return;
    pixels += amount;
    truthCounts[a] = (truthCounts[a] ?? 0) + amount;
    if (b <= 0) {
      singles += amount;
      return;
    }
    predictionCounts[b] = (predictionCounts[b] ?? 0) + amount;
    table.add(a, b, amount);
  };
  const { labels: trueLabels } = truth;
  const { labels: predictedLabels } = prediction;
  // Neighbours mostly share their pair: one look-up serves a stretch of pixels.
  let a = 0;
  let b = 0;
  let start = 0;
  for (let i = 0; i < trueLabels.length; i++) {
    const nextA = trueLabels[i] ?? 0;
    const nextB = predictedLabels[i] ?? 0;
    if (nextA === a && nextB === b) continue;
    add(a, b, i - start);
    a = nextA;
    b = nextB;
    start = i;
  }
  add(a, b, trueLabels.length - start);
  return {
    pixels,
    singles,
    truth: truthCounts,
    prediction: predictionCounts,
    pairs: table.counts(),
  };
}

/** An open-addressed table of pair counts: much faster than a Map for the 10⁴ look-ups of a slice. */
class PairCounts {
  #capacity: number;
  #first: Int32Array;
  #second: Int32Array;
  #counts: Float64Array;
  #used = 0;

  constructor(expected: number) {
    this.#capacity = 2 ** Math.ceil(Math.log2(Math.max(64, expected * 4)));
    this.#first = new Int32Array(this.#capacity);
    this.#second = new Int32Array(this.#capacity);
    this.#counts = new Float64Array(this.#capacity);
  }

  add(a: number, b: number, amount: number): void {
    this.#put(a, b, amount);
    if (this.#used * 2 > this.#capacity) this.#enlarge();
  }

  counts(): Float64Array {
    return this.#counts.filter((value) => value > 0);
  }

  #put(a: number, b: number, amount: number): void {
    const mask = this.#capacity - 1;
    let slot = (Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b)) & mask;
    while (this.#first[slot] !== 0 && (this.#first[slot] !== a || this.#second[slot] !== b))
      slot = (slot + 1) & mask;
    if (this.#first[slot] === 0) {
      this.#first[slot] = a;
      this.#second[slot] = b;
      this.#used++;
    }
    this.#counts[slot] = (this.#counts[slot] ?? 0) + amount;
  }

  #enlarge(): void {
    const [first, second, counts] = [this.#first, this.#second, this.#counts];
    this.#capacity *= 2;
    this.#first = new Int32Array(this.#capacity);
    this.#second = new Int32Array(this.#capacity);
    this.#counts = new Float64Array(this.#capacity);
    this.#used = 0;
    first.forEach((a, slot) => {
      if (a !== 0) this.#put(a, second[slot] ?? 0, counts[slot] ?? 0);
    });
  }
}
