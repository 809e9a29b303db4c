/**
 * Euclidean distance of every pixel's centre to the nearest centre on the
 * other side of the mask's outline (nonzero = in): positive outside, negative
 * inside; width + height, farther than anything, where there is no other side.
 * Exact: first the distance
 * within the column, then per row the lower envelope of parabolas
 * (Felzenszwalb & Huttenlocher, "Distance transforms of sampled functions",
 * 2012). A pixel's nearest opposite within its row never lies beyond the ends
 * of its own run, so each run is an envelope of its own, and one pass gives
 * both signs. Only pixels whose byte in `wanted` is not 0 need to come out
 * right; the others are 0 or the distance.
 */
export function signedDistance(
  mask: Uint8Array,
  width: number,
  height: number,
  wanted: Uint8Array,
): Float32Array {
  const column = columnDistance(mask, width);
  const distance = new Float32Array(mask.length);
  const envelope = envelopeOf(width + 2);
  for (let from = 0; from < mask.length; from += width) {
    for (let start = 0; start < width;) {
      const inside = mask[from + start] !== 0;
      let end = start + 1;
      while (end < width && (mask[from + end] !== 0) === inside) end += 1;
      const run = { row: from, start, end, width };
      const reach = searchReach(column, wanted, run);
      // A search from pixel to pixel is faster where few are wanted and the outline is near.
      if (reach <= end - start) searchRun(distance, column, wanted, run);
      else if (!envelopeRun(distance, column, run, envelope))
        distance.fill(width + height, from + start, from + end);
      if (inside)
        for (let i = from + start; i < from + end; i += 1) distance[i] = -(distance[i] ?? 0);
      start = end;
    }
  }
  return distance;
}

const NONE = 0x3fffffff;

/** Rows to the nearest pixel of the other side in the same column; NONE where there is none. */
function columnDistance(mask: Uint8Array, width: number): Int32Array {
  const column = new Int32Array(mask.length);
  for (let i = 0; i < mask.length; i += 1) {
    const above = i - width;
    if (above < 0) column[i] = NONE;
    else if ((mask[i] === 0) !== (mask[above] === 0)) column[i] = 1;
    else {
      const rows = column[above] ?? NONE;
      column[i] = rows === NONE ? NONE : rows + 1;
    }
  }
  for (let i = mask.length - width - 1; i >= 0; i -= 1) {
    const below = i + width;
    const rows = (mask[i] === 0) !== (mask[below] === 0) ? 1 : (column[below] ?? NONE) + 1;
    if (rows < (column[i] ?? NONE)) column[i] = rows;
  }
  return column;
}

/** Pixels start ≤ x < end of a row of `width` pixels that begins at index `row`. */
interface Run {
  readonly row: number;
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

/** How far the other side can be from pixel x at most: within its column, or just beyond an end of its run. */
function farthest(column: Int32Array, { row, start, end, width }: Run, x: number): number {
  let most = column[row + x] ?? NONE;
  if (start > 0 && x - start + 1 < most) most = x - start + 1;
  if (end < width && end - x < most) most = end - x;
  return most;
}

/** Pixels that a search would look at, on one side. */
function searchReach(column: Int32Array, wanted: Uint8Array, run: Run): number {
  let reach = 0;
  for (let x = run.start; x < run.end; x += 1)
    if (wanted[run.row + x] !== 0) reach += farthest(column, run, x);
  return reach;
}

/** The distances of a run's wanted pixels, each by looking left and right for as long as something nearer may come. */
function searchRun(distance: Float32Array, column: Int32Array, wanted: Uint8Array, run: Run): void {
  const { row, start, end } = run;
  for (let x = start; x < end; x += 1) {
    if (wanted[row + x] === 0) continue;
    let least = farthest(column, run, x) ** 2;
    for (let dx = 1; dx * dx < least; dx += 1) {
      const left = x - dx >= start ? (column[row + x - dx] ?? NONE) : NONE;
      const right = x + dx < end ? (column[row + x + dx] ?? NONE) : NONE;
      const g = left < right ? left : right;
      if (g * g + dx * dx < least) least = g * g + dx * dx;
    }
    distance[row + x] = Math.sqrt(least);
  }
}

/** Room for the lower envelope of parabolas (x − centre)² + height. */
interface Envelope {
  readonly centres: Int32Array;
  readonly heights: Float64Array;
  /** Where each parabola begins to be the lowest. */
  readonly begins: Float64Array;
}

function envelopeOf(most: number): Envelope {
  return {
    centres: new Int32Array(most),
    heights: new Float64Array(most),
    begins: new Float64Array(most),
  };
}

/** The distances of a run by the lower envelope; false where there is no other side. */
function envelopeRun(
  distance: Float32Array,
  column: Int32Array,
  { row, start, end, width }: Run,
  { centres, heights, begins }: Envelope,
): boolean {
  let count = 0;
  // Just beyond its ends lies the other side.
  const last = Math.min(end, width - 1);
  for (let x = Math.max(0, start - 1); x <= last; x += 1) {
    const g = x < start || x >= end ? 0 : (column[row + x] ?? NONE);
    if (g === NONE) continue;
    const lift = g * g + x * x;
    let begin = -Infinity;
    for (; count > 0; count -= 1) {
      const other = centres[count - 1] ?? 0;
      begin = (lift - (heights[count - 1] ?? 0) - other * other) / (2 * (x - other));
      if (begin > (begins[count - 1] ?? 0)) break;
      begin = -Infinity;
    }
    centres[count] = x;
    heights[count] = g * g;
    begins[count] = begin;
    count += 1;
  }
  for (let x = start, lowest = 0; x < end && count > 0; x += 1) {
    while (lowest + 1 < count && (begins[lowest + 1] ?? 0) <= x) lowest += 1;
    const dx = x - (centres[lowest] ?? 0);
    distance[row + x] = Math.sqrt(dx * dx + (heights[lowest] ?? 0));
  }
  return count > 0;
}
