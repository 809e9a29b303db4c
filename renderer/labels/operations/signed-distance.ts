/**
 * Euclidean distance of every pixel's centre to the nearest centre on the
 * other side of the mask's outline (nonzero = in): positive outside, negative
 * inside; width + height, farther than anything, where there is no other side.
 * Exact: first the distance
 * within the column, then per row the lower envelope of parabolas
 * (Felzenszwalb & Huttenlocher, "Distance transforms of sampled functions",
 * 2012). A pixel's nearest opposite within its row never lies beyond the ends
 * of its own run, so each run is an envelope of its own, and one pass gives
 * both signs.
 */
export function signedDistance(mask: Uint8Array, width: number, height: number): Float32Array {
  const column = columnDistance(mask, width);
  const distance = new Float32Array(mask.length);
  const envelope = envelopeOf(width + 2);
  for (let from = 0; from < mask.length; from += width) {
    for (let start = 0; start < width;) {
      const inside = mask[from + start] !== 0;
      let end = start + 1;
      while (end < width && (mask[from + end] !== 0) === inside) end += 1;
      writeRun(distance, column, from, start, end, width, envelope);
      if (envelope.count === 0) distance.fill(width + height, from + start, from + end);
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

/** Room for the lower envelope of parabolas (x − centre)² + height. */
interface Envelope {
  readonly centres: Int32Array;
  readonly heights: Float64Array;
  /** Where each parabola begins to be the lowest. */
  readonly begins: Float64Array;
  count: number;
}

function envelopeOf(most: number): Envelope {
  return {
    centres: new Int32Array(most),
    heights: new Float64Array(most),
    begins: new Float64Array(most),
    count: 0,
  };
}

/** The distances of a run start ≤ x < end of a row that begins at `from`; leaves the envelope empty where there is no other side. */
function writeRun(
  distance: Float32Array,
  column: Int32Array,
  from: number,
  start: number,
  end: number,
  width: number,
  envelope: Envelope,
): void {
  const { centres, heights, begins } = envelope;
  let count = 0;
  // Just beyond its ends lies the other side.
  const last = Math.min(end, width - 1);
  for (let x = Math.max(0, start - 1); x <= last; x += 1) {
    const g = x < start || x >= end ? 0 : (column[from + x] ?? NONE);
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
  envelope.count = count;
  if (count === 0) return;
  for (let x = start, lowest = 0; x < end; x += 1) {
    while (lowest + 1 < count && (begins[lowest + 1] ?? 0) <= x) lowest += 1;
    const dx = x - (centres[lowest] ?? 0);
    distance[from + x] = Math.sqrt(dx * dx + (heights[lowest] ?? 0));
  }
}
