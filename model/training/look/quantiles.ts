/** Values at this many equal steps of the share of pixels that lie below describe a histogram. */
export const QUANTILES = 257;

/** At most this many values are sorted: more move no quantile by a hundredth of the deviation. */
const MOST_VALUES = 1 << 16;

/** Quantiles of values at shares 0, 1/256, …, 1; `known` (1; null = all) says which count. Empty: none does. */
export function quantilesOf(
  values: Float32Array<ArrayBuffer>,
  known: Uint8Array<ArrayBuffer> | null = null,
): Float32Array<ArrayBuffer> {
  const counted = known === null ? values : values.filter((_, at) => known[at] === 1);
  if (counted.length === 0) return new Float32Array();
  const step = Math.ceil(counted.length / MOST_VALUES);
  const sorted = step === 1 ? counted.slice() : counted.filter((_, at) => at % step === 0);
  sorted.sort();
  return Float32Array.from({ length: QUANTILES }, (_, i) => {
    const place = (i / (QUANTILES - 1)) * (sorted.length - 1);
    const low = Math.floor(place);
    const below = sorted[low] ?? 0;
    return below + (place - low) * ((sorted[low + 1] ?? below) - below);
  });
}

/**
 * Values with their own quantiles `from` mapped to those of `to`, straight
 * between them: the order of values stays, their histogram becomes that of `to`.
 */
export function toQuantiles(
  values: Float32Array<ArrayBuffer>,
  from: Float32Array,
  to: Float32Array,
): Float32Array<ArrayBuffer> {
  const last = from.length - 1;
  return values.map((value) => {
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((from[middle] ?? 0) <= value) low = middle;
      else high = middle;
    }
    const start = from[low] ?? 0;
    const width = (from[high] ?? 0) - start;
    const part = width > 0 ? Math.min(1, Math.max(0, (value - start) / width)) : 0;
    const below = to[low] ?? 0;
    return below + part * ((to[high] ?? 0) - below);
  });
}
