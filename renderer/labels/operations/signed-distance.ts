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
  const envelope = new Envelope(width + 2, width + height);
  for (let row = 0; row < height; row += 1) {
    const from = row * width;
    for (let start = 0; start < width;) {
      const inside = mask[from + start] !== 0;
      let end = start + 1;
      while (end < width && (mask[from + end] !== 0) === inside) end += 1;
      envelope.clear();
      if (start > 0) envelope.add(start - 1, 0);
      for (let x = start; x < end; x += 1) {
        const g = column[from + x] ?? 0;
        if (g !== NONE) envelope.add(x, g * g);
      }
      if (end < width) envelope.add(end, 0);
      envelope.write(distance, from, start, end, inside ? -1 : 1);
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

/** The lower envelope of parabolas (x − centre)² + height, added from left to right. */
class Envelope {
  readonly #centres: Int32Array;
  readonly #heights: Float64Array;
  /** Where each parabola begins to be the lowest. */
  readonly #begins: Float64Array;
  /** The distance told when nothing was added. */
  readonly #none: number;
  #count = 0;

  constructor(most: number, none: number) {
    this.#none = none;
    this.#centres = new Int32Array(most);
    this.#heights = new Float64Array(most);
    this.#begins = new Float64Array(most);
  }

  clear(): void {
    this.#count = 0;
  }

  add(centre: number, height: number): void {
    const centres = this.#centres;
    const heights = this.#heights;
    const begins = this.#begins;
    let begin = -Infinity;
    while (this.#count > 0) {
      const other = centres[this.#count - 1] ?? 0;
      const lift = height + centre * centre - (heights[this.#count - 1] ?? 0) - other * other;
      begin = lift / (2 * (centre - other));
      if (begin > (begins[this.#count - 1] ?? 0)) break;
      this.#count -= 1;
      begin = -Infinity;
    }
    centres[this.#count] = centre;
    heights[this.#count] = height;
    begins[this.#count] = begin;
    this.#count += 1;
  }

  /** Writes sign × the root of the envelope at start ≤ x < end into a row of `out`. */
  write(out: Float32Array, row: number, start: number, end: number, sign: 1 | -1): void {
    if (this.#count === 0) {
      out.fill(sign * this.#none, row + start, row + end);
      return;
    }
    let lowest = 0;
    for (let x = start; x < end; x += 1) {
      while (lowest + 1 < this.#count && (this.#begins[lowest + 1] ?? 0) <= x) lowest += 1;
      const dx = x - (this.#centres[lowest] ?? 0);
      out[row + x] = sign * Math.sqrt(dx * dx + (this.#heights[lowest] ?? 0));
    }
  }
}
