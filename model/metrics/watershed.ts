import {
  fillRegion,
  framed,
  insideCell,
  onMembrane,
  outside,
  unframed,
  type Regions,
} from './components';

const dam = 0;
const queued = -2;

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
  const stride = width + 2;
  const labels = framed(interior, width, height);
  const queue = new Int32Array(width * height);
  let count = 0;
  for (let x = 1; x <= width; x++) {
    for (let p = stride + x; p < (height + 1) * stride; p += stride) {
      if (labels[p] === insideCell) fillRegion(labels, stride, p, ++count, queue);
    }
  }
  let filled = 0;
  for (let x = 1; x <= width; x++) {
    for (let p = stride + x; p < (height + 1) * stride; p += stride) {
      if (labels[p] === onMembrane && touchesRegion(labels, p, stride)) {
        labels[p] = queued;
        queue[filled++] = p;
      }
    }
  }
  grow(labels, queue, filled, stride);
  for (let x = 1; x <= width; x++) {
    for (let p = stride + x; p < (height + 1) * stride; p += stride) {
      if (labels[p] === onMembrane) fillRegion(labels, stride, p, ++count, queue);
    }
  }
  return { labels: unframed(labels, width, height), count };
}

function touchesRegion(labels: Int32Array, p: number, stride: number): boolean {
  return (
    (labels[p - 1] ?? 0) > 0 ||
    (labels[p - stride] ?? 0) > 0 ||
    (labels[p + 1] ?? 0) > 0 ||
    (labels[p + stride] ?? 0) > 0
  );
}

/** Empties the queue, which holds `filled` pixels at first, first in first out; every pixel enters it at most once. */
function grow(labels: Int32Array, queue: Int32Array, filled: number, stride: number): void {
  let head = 0;
  let tail = filled;
  let followsDam = false;
  while (head < tail) {
    const p = queue[head++] ?? 0;
    let own = queued;
    for (let side = 0; side < 4; side++) {
      const q = side === 0 ? p - 1 : side === 1 ? p - stride : side === 2 ? p + 1 : p + stride;
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
      } else if (other === onMembrane) {
        labels[q] = queued;
        queue[tail++] = q;
      }
    }
    labels[p] = own;
  }
}
