import type { Regions } from './components';

const dam = 0;
const waiting = -1;
const queued = -2;
const outside = -3;

/**
 * Thins membranes to dams one pixel wide: classic flooding by immersion
 * (Vincent & Soille 1991) of an image with two levels, 4-connected. The basins
 * are the interior's components; they grow into the membrane until they meet.
 * The order of visits (columns first; neighbours left, up, right, down; one
 * flag for the whole image) is that of the ISBI 2012 measure: it moves scores
 * by up to 1e-3.
 *
 * `interior` is row by row, 1 inside a cell and 0 on membrane. In the result 0
 * is dam. Without any interior the image is one region.
 */
export function floodInterior(interior: Uint8Array, width: number, height: number): Regions {
  // A frame of one pixel around the image spares the tests at its borders.
  const stride = width + 2;
  const labels = new Int32Array(stride * (height + 2)).fill(outside);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) labels[(y + 1) * stride + x + 1] = waiting;
  }
  const queue = new Int32Array(width * height);
  const isInterior = (x: number, y: number): boolean => interior[y * width + x] !== 0;

  const fill = (start: number, label: number, low: boolean): void => {
    let size = 0;
    labels[start] = label;
    queue[size++] = start;
    const visit = (q: number): void => {
      if (labels[q] !== waiting) return;
      if (low && interior[(Math.floor(q / stride) - 1) * width + (q % stride) - 1] === 0) return;
      labels[q] = label;
      queue[size++] = q;
    };
    while (size > 0) {
      const p = queue[--size] ?? 0;
      visit(p - 1);
      visit(p - stride);
      visit(p + 1);
      visit(p + stride);
    }
  };

  let count = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const p = (y + 1) * stride + x + 1;
      if (labels[p] === waiting && isInterior(x, y)) fill(p, ++count, true);
    }
  }

  let head = 0;
  let tail = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const p = (y + 1) * stride + x + 1;
      if (labels[p] !== waiting) continue;
      if (
        (labels[p - 1] ?? 0) > 0 ||
        (labels[p - stride] ?? 0) > 0 ||
        (labels[p + 1] ?? 0) > 0 ||
        (labels[p + stride] ?? 0) > 0
      ) {
        labels[p] = queued;
        queue[tail++] = p;
      }
    }
  }
  grow(labels, queue, { head, tail }, stride);
  head = tail;

  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const p = (y + 1) * stride + x + 1;
      if (labels[p] === waiting) fill(p, ++count, false);
    }
  }

  const cropped = new Int32Array(width * height);
  for (let y = 0; y < height; y++) {
    cropped.set(labels.subarray((y + 1) * stride + 1, (y + 1) * stride + 1 + width), y * width);
  }
  return { labels: cropped, count };
}

/** Empties the queue, first in first out; every pixel enters it at most once. */
function grow(
  labels: Int32Array,
  queue: Int32Array,
  range: { readonly head: number; readonly tail: number },
  stride: number,
): void {
  let { head, tail } = range;
  let followsDam = false;
  const offsets = [-1, -stride, 1, stride];
  while (head < tail) {
    const p = queue[head++] ?? 0;
    let own = queued;
    for (const offset of offsets) {
      const q = p + offset;
      const other = labels[q] ?? outside;
      if (other > 0) {
        if (own === queued || (own === dam && followsDam)) {
          own = other;
        } else if (own > 0 && own !== other) {
          own = dam;
          followsDam = false;
        }
      } else if (other === dam) {
        if (own === queued) {
          own = dam;
          followsDam = true;
        }
      } else if (other === waiting) {
        labels[q] = queued;
        queue[tail++] = q;
      }
    }
    labels[p] = own;
  }
}
