import { onMembrane, outside, type Regions } from './components';

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
 * Takes framed components and fills their labels on, in place: 0 is dam
 * afterwards. Without any interior the image is one region.
 */
export function flood({ labels, count }: Regions, width: number, height: number): Regions {
  const stride = height + 2;
  if (count === 0) {
    for (let p = 0; p < labels.length; p++) if (labels[p] === onMembrane) labels[p] = 1;
    return { labels, count: 1 };
  }
  const queue = new Int32Array(width * height);
  let filled = 0;
  for (let p = stride + 1; p < labels.length - stride; p++) {
    if (labels[p] === onMembrane && touchesRegion(labels, p, stride)) {
      labels[p] = queued;
      queue[filled++] = p;
    }
  }
  grow(labels, queue, filled, stride);
  return { labels, count };
}

function touchesRegion(labels: Int32Array, p: number, stride: number): boolean {
  return (
    (labels[p - stride] ?? 0) > 0 ||
    (labels[p - 1] ?? 0) > 0 ||
    (labels[p + stride] ?? 0) > 0 ||
    (labels[p + 1] ?? 0) > 0
  );
}

/** Empties the queue, which holds `filled` pixels at first, first in first out; every pixel enters it at most once. */
function grow(labels: Int32Array, queue: Int32Array, filled: number, stride: number): void {
  const left = -stride;
  const up = -1;
  const right = stride;
  const down = 1;
  let tail = filled;
  let followsDam = false;
  for (let head = 0; head < tail; head++) {
    const p = queue[head] ?? 0;
    let own = queued;
    for (let side = 0; side < 4; side++) {
      const q = p + (side === 0 ? left : side === 1 ? up : side === 2 ? right : down);
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
