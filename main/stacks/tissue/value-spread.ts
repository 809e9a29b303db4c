import type { MarkedSlice } from './marks';
import { TISSUE } from './marks';

/** Values looked at for quantiles. */
const SAMPLE = 65_536;
/** Steps over the slice by this share of it (the golden section), so that no pattern of rows or columns is followed. */
const STEP = 0.618_033_988_749_895;

/** The sorted values of a sample of the tissue. */
export class ValueSpread {
  private constructor(private readonly sorted: Float64Array) {}

  /** The same slice gives the same sample. */
  static of({ values, marks }: MarkedSlice): ValueSpread {
    const length = values.length;
    const sample = new Float64Array(Math.min(SAMPLE, length));
    let taken = 0;
    if (length <= SAMPLE) {
      for (let at = 0; at < length; at += 1)
        if (marks[at] === TISSUE) sample[taken++] = values[at] ?? 0;
    } else {
      let place = 0;
      for (let i = 0; i < SAMPLE; i += 1) {
        place += STEP;
        if (place >= 1) place -= 1;
        const at = Math.floor(place * length);
        if (marks[at] === TISSUE) sample[taken++] = values[at] ?? 0;
      }
    }
    return new ValueSpread(sample.subarray(0, taken).sort());
  }

  get count(): number {
    return this.sorted.length;
  }

  /** The value that `share` (0…1) of the sample lies below; 0 of an empty sample. */
  quantile(share: number): number {
    const { sorted } = this;
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  }

  /** From the 0.5 to the 99.5 percentile. */
  get width(): number {
    return this.quantile(0.995) - this.quantile(0.005);
  }

  /** Half the distance between the percentiles that a normal distribution has at ± one standard deviation. */
  get deviation(): number {
    return (this.quantile(0.8413) - this.quantile(0.1587)) / 2;
  }

  /** Share of the sample within `distance` of `value`. */
  shareNear(value: number, distance: number): number {
    const { sorted } = this;
    if (sorted.length === 0) return 0;
    return (
      (this.below(value + distance, true) - this.below(value - distance, false)) / sorted.length
    );
  }

  /** Mean distance of the sample from `value`. */
  meanDistance(value: number): number {
    let sum = 0;
    for (const one of this.sorted) sum += Math.abs(one - value);
    return this.sorted.length === 0 ? 0 : sum / this.sorted.length;
  }

  /** Whether there are at least `count` different values. */
  hasValues(count: number): boolean {
    let found = 0;
    let last = Number.NaN;
    for (const value of this.sorted) {
      if (value === last) continue;
      last = value;
      found += 1;
      if (found >= count) return true;
    }
    return false;
  }

  /** How many of the sample lie below `value` (or at it, with `inclusive`). */
  private below(value: number, inclusive: boolean): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const here = this.sorted[middle] ?? 0;
      if (here < value || (inclusive && here === value)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
