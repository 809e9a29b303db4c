/** Regions of a picture: a label > 0 for each pixel of a region, 0 or less elsewhere. */
export interface Regions {
  readonly labels: Int32Array;
  readonly count: number;
}

/** States of pixels without a region in a framed picture. */
export const outside = -3;
export const onMembrane = -1;

/** Columns copied together, so that reading rows and writing columns stays inside the nearest cache. */
const band = 16;

/**
 * Where a picture is inside a cell: 1, and 0 on membrane, column by column in a
 * frame of zeros one pixel wide; (x, y) is at (x + 1) · (height + 2) + y + 1.
 * The measures visit pixels column by column, so they walk straight through
 * memory, and the frame spares the tests at the borders.
 */
export interface FramedMask {
  readonly inside: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Frames a picture that lies row by row: membrane where its value is at least `threshold`, also at ties, as in the mask that is shown. */
export function framedMask(
  values: Float32Array | Uint8Array,
  threshold: number,
  width: number,
  height: number,
): FramedMask {
  const stride = height + 2;
  const inside = new Uint8Array(stride * (width + 2));
  for (let left = 0; left < width; left += band) {
    const right = Math.min(width, left + band);
    for (let y = 0; y < height; y++) {
      const row = y * width;
      const target = stride + y + 1;
      for (let x = left; x < right; x++)
        inside[target + x * stride] = (values[row + x] ?? 0) >= threshold ? 0 : 1;
    }
  }
  return { inside, width, height };
}

/** Sets of stretches that touch; the smallest number of a set stands for it. */
function rootOf(parent: Int32Array, stretch: number): number {
  let root = stretch;
  for (let up = parent[root] ?? 0; up !== root; up = parent[root] ?? 0) {
    // Halves the way for the next one who asks.
    parent[root] = parent[up] ?? 0;
    root = parent[root] ?? 0;
  }
  return root;
}

function join(parent: Int32Array, one: number, other: number): void {
  const a = rootOf(parent, one);
  const b = rootOf(parent, other);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/**
 * 4-connected components of a mask's interior, in the same frame: numbered from
 * 1 in the order in which columns meet them, `onMembrane` elsewhere and
 * `outside` on the frame. Works on stretches of columns, of which there are far
 * fewer than pixels.
 */
export function componentsOf({ inside, width, height }: FramedMask): Regions {
  const stride = height + 2;
  const most = Math.ceil(height / 2) * width;
  const starts = new Int32Array(most);
  const ends = new Int32Array(most);
  const parent = new Int32Array(most);
  let stretches = 0;
  let before = 0;
  for (let x = 1; x <= width; x++) {
    const first = stretches;
    const end = x * stride + height + 1;
    for (let p = x * stride + 1; p < end; p++) {
      if (inside[p] === 0) continue;
      const start = p;
      while (inside[p] !== 0) p++;
      const mine = stretches++;
      starts[mine] = start;
      ends[mine] = p;
      parent[mine] = mine;
      while (before < first && (ends[before] ?? 0) + stride <= start) before++;
      // The last one that overlaps may overlap the next stretch too.
      for (let other = before; other < first && (starts[other] ?? 0) + stride < p; other++) {
        join(parent, other, mine);
        before = other;
      }
    }
    before = first;
  }
  const labels = new Int32Array(stride * (width + 2)).fill(onMembrane);
  labels.fill(outside, 0, stride).fill(outside, labels.length - stride);
  for (let p = stride; p < labels.length; p += stride) {
    labels[p] = outside;
    labels[p - 1] = outside;
  }
  // A parent stands before its children, so it has its number already.
  const numbers = new Int32Array(stretches);
  let count = 0;
  for (let i = 0; i < stretches; i++) {
    const up = parent[i] ?? 0;
    const number = up === i ? ++count : (numbers[up] ?? 0);
    numbers[i] = number;
    labels.fill(number, starts[i], ends[i]);
  }
  return { labels, count };
}

/** Takes the frame away and goes back to rows; what is below 0 becomes 0. */
export function unframed({ labels, count }: Regions, width: number, height: number): Regions {
  const stride = height + 2;
  const rows = new Int32Array(width * height);
  for (let x = 0; x < width; x++) {
    const column = (x + 1) * stride + 1;
    for (let y = 0; y < height; y++) rows[y * width + x] = Math.max(0, labels[column + y] ?? 0);
  }
  return { labels: rows, count };
}
