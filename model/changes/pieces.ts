import { CELL } from '#model/queue/basins';

/**
 * Half the side of the square that a piece must hold. A wall that moves aside
 * leaves a strip of a cell to the neighbour; below 5 pixels across it is none.
 */
const CORE = 2;

/** A picture in a frame of membrane, one pixel wide, that spares the tests at the borders. */
export interface Framed {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  /** 1 = membrane. */
  readonly membrane: Uint8Array<ArrayBuffer>;
}

/** Frames a mask that lies row by row, 0 inside cells; (x, y) is at (y + 1) · stride + x + 1. */
export function framed(mask: Uint8Array, width: number, height: number): Framed {
  const stride = width + 2;
  const membrane = new Uint8Array(stride * (height + 2)).fill(1);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      membrane[(y + 1) * stride + x + 1] = mask[y * width + x] === 0 ? 0 : 1;
  return { width, height, stride, membrane };
}

/** Steps to the four neighbours. */
export const sides = (stride: number): readonly number[] => [-1, 1, -stride, stride];

export interface Labelled {
  /** From 1 on, in reading order of their first pixels; 0 on membrane. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** Pixels of each; the first is nobody's. */
  readonly sizes: readonly number[];
}

/** The 4-connected parts between membranes. */
export function componentsOf({ membrane, stride }: Framed): Labelled {
  const labels = new Int32Array(membrane.length);
  const queue = new Int32Array(membrane.length);
  const sizes = [0];
  const steps = sides(stride);
  for (let start = 0; start < membrane.length; start++) {
    if (membrane[start] !== 0 || labels[start] !== 0) continue;
    const label = sizes.length;
    labels[start] = label;
    queue[0] = start;
    let end = 1;
    for (let at = 0; at < end; at++) {
      const p = queue[at] ?? 0;
      for (const step of steps) {
        const q = p + step;
        if (membrane[q] !== 0 || labels[q] !== 0) continue;
        labels[q] = label;
        queue[end++] = q;
      }
    }
    sizes.push(end);
  }
  return { labels, sizes };
}

/**
 * What cells of both masks share and is large enough to be seen as a cell:
 * the parts that lie inside in both, of 150 pixels and with room for a square
 * of 5 × 5. A cell that shrinks keeps its piece, one that is parted has two.
 */
export function piecesOf(before: Framed, after: Framed): Labelled {
  const { width, height, stride } = before;
  const membrane = before.membrane.map((value, p) => value | (after.membrane[p] ?? 1));
  const pieces = componentsOf({ width, height, stride, membrane });
  const roomy = withCore({ width, height, stride, membrane }, pieces);
  const labels = pieces.labels.map((piece) => (roomy[piece] === 1 ? piece : 0));
  return { labels, sizes: pieces.sizes.map((size, piece) => (roomy[piece] === 1 ? size : 0)) };
}

/** 1 for each piece of 150 pixels that holds a square of 5 × 5. */
function withCore({ membrane, stride }: Framed, { labels, sizes }: Labelled): Uint8Array {
  const side = 2 * CORE + 1;
  const kept = new Uint8Array(sizes.length);
  const runs = new Uint8Array(stride);
  for (let row = 0; row < membrane.length; row += stride)
    for (let x = 0, run = 0; x < stride; x++) {
      // Columns where the last five rows have five free pixels to the left.
      run = membrane[row + x] === 0 ? run + 1 : 0;
      runs[x] = run >= side ? Math.min(side, (runs[x] ?? 0) + 1) : 0;
      const piece = labels[row + x] ?? 0;
      if (runs[x] === side && (sizes[piece] ?? 0) >= CELL) kept[piece] = 1;
    }
  return kept;
}
