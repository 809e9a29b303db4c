import type { ElementType, SliceStatistics } from '#contract/entities';

/** How often each value of a narrow integer type occurs: index = value + `offset`. */
export interface ValueCounts {
  readonly offset: number;
  readonly counts: Uint32Array;
}

/** An empty table for a type of at most 16 bits; null for the others. */
export function emptyCounts(type: ElementType): ValueCounts | null {
  switch (type) {
    case 'uint8':
      return { offset: 0, counts: new Uint32Array(2 ** 8) };
    case 'int8':
      return { offset: 2 ** 7, counts: new Uint32Array(2 ** 8) };
    case 'uint16':
      return { offset: 0, counts: new Uint32Array(2 ** 16) };
    case 'int16':
      return { offset: 2 ** 15, counts: new Uint32Array(2 ** 16) };
    default:
      return null;
  }
}

/** Counts values `from` ≤ index < `to` that are usable (1, or null = all). */
export function countValues(
  { offset, counts }: ValueCounts,
  data: ArrayLike<number>,
  usable: Uint8Array | null,
  from: number,
  to: number,
): void {
  for (let at = from; at < to; at += 1) {
    if (usable !== null && usable[at] === 0) continue;
    const index = (data[at] ?? 0) + offset;
    counts[index] = (counts[index] ?? 0) + 1;
  }
}

/** Index at which the running count first exceeds `rank`. */
function rankOf(counts: Uint32Array, rank: number): number {
  let sum = 0;
  for (let at = 0; at < counts.length; at += 1) {
    sum += counts[at] ?? 0;
    if (sum > rank) return at;
  }
  return counts.length - 1;
}

/** Range, mean, percentiles `low` and `high` (shares 0…1) and a histogram of `bins` steps; null where nothing was counted. */
export function countedStatistics(
  { offset, counts }: ValueCounts,
  low: number,
  high: number,
  bins: number,
): Omit<SliceStatistics, 'noTissue'> | null {
  const first = counts.findIndex((count) => count > 0);
  if (first === -1) return null;
  const last = counts.findLastIndex((count) => count > 0);
  const histogram = new Array<number>(bins).fill(0);
  const scale = last > first ? bins / (last - first) : 0;
  let total = 0;
  let sum = 0;
  for (let at = first; at <= last; at += 1) {
    const count = counts[at] ?? 0;
    const bin = Math.min(bins - 1, Math.floor((at - first) * scale));
    histogram[bin] = (histogram[bin] ?? 0) + count;
    total += count;
    sum += count * (at - offset);
  }
  return {
    min: first - offset,
    max: last - offset,
    low: rankOf(counts, low * total) - offset,
    high: rankOf(counts, high * total) - offset,
    mean: sum / total,
    bins: histogram,
  };
}
