import type { Rect } from '#contract/tiles';

/** A place in the slice, in pixels; pixel (i, j) covers i…i+1 × j…j+1, its centre is at i + ½, j + ½. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Receives the pixels `start` ≤ x < `end` of row `y`. */
export type SpanSink = (y: number, start: number, end: number) => void;

/**
 * Pixels whose centre a round brush reaches on its way from a to b, its radius
 * going evenly from `radius` to `endRadius` (a disc where both points are the
 * same), and the pixel under each end, so that the thinnest brush leaves a
 * mark and no gaps. One span a row, top to bottom, clipped to `clip` (integer
 * pixels). The brush's way is the convex hull of its two discs, so its row is
 * the hull of the rows of the discs and of the two lines that touch both.
 */
export function rasterizeCapsule(
  a: Point,
  b: Point,
  radius: number,
  clip: Rect,
  sink: SpanSink,
  endRadius: number = radius,
): void {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const touching = length > Math.abs(radius - endRadius);
  const ux = touching ? (b.x - a.x) / length : 0;
  const uy = touching ? (b.y - a.y) / length : 0;
  // The touching lines' normals: `along` the way and `across` it.
  const along = touching ? (radius - endRadius) / length : 0;
  const across = Math.sqrt(1 - along * along);
  const rowA = Math.floor(a.y);
  const rowB = Math.floor(b.y);
  const top = Math.ceil(Math.min(a.y - radius, b.y - endRadius) - 0.5);
  const bottom = Math.floor(Math.max(a.y + radius, b.y + endRadius) - 0.5);
  const first = Math.max(clip.y, Math.min(top, rowA, rowB));
  const last = Math.min(clip.y + clip.height - 1, Math.max(bottom, rowA, rowB));
  for (let y = first; y <= last; y += 1) {
    const toA = y + 0.5 - a.y;
    const toB = y + 0.5 - b.y;
    let from = Infinity;
    let to = -Infinity;
    if (Math.abs(toA) <= radius) {
      const half = Math.sqrt(radius * radius - toA * toA);
      from = a.x - half;
      to = a.x + half;
    }
    if (Math.abs(toB) <= endRadius) {
      const half = Math.sqrt(endRadius * endRadius - toB * toB);
      from = Math.min(from, b.x - half);
      to = Math.max(to, b.x + half);
    }
    for (let side = touching ? -1 : 2; side <= 1; side += 2) {
      const nx = ux * along - uy * across * side;
      const ny = uy * along + ux * across * side;
      const startY = a.y + radius * ny;
      const part = (y + 0.5 - startY) / (b.y + endRadius * ny - startY);
      // A line along the row is no crossing; the discs it touches tell its ends.
      if (!(part >= 0 && part <= 1)) continue;
      const startX = a.x + radius * nx;
      const x = startX + part * (b.x + endRadius * nx - startX);
      from = Math.min(from, x);
      to = Math.max(to, x);
    }
    let start = Math.ceil(from - 0.5);
    let end = Math.floor(to - 0.5) + 1;
    if (!(start < end)) {
      start = Infinity;
      end = -Infinity;
    }
    if (y === rowA) {
      start = Math.min(start, Math.floor(a.x));
      end = Math.max(end, Math.floor(a.x) + 1);
    }
    if (y === rowB) {
      start = Math.min(start, Math.floor(b.x));
      end = Math.max(end, Math.floor(b.x) + 1);
    }
    start = Math.max(start, clip.x);
    end = Math.min(end, clip.x + clip.width);
    if (start < end) sink(y, start, end);
  }
}

/** Pixels whose centre lies inside a closed polygon (even-odd), row by row, left to right, clipped to `clip`. */
export function rasterizePolygon(points: readonly Point[], clip: Rect, sink: SpanSink): void {
  if (points.length < 3) return;
  let top = Infinity;
  let bottom = -Infinity;
  for (const point of points) {
    top = Math.min(top, point.y);
    bottom = Math.max(bottom, point.y);
  }
  const first = Math.max(clip.y, Math.ceil(top - 0.5));
  const last = Math.min(clip.y + clip.height - 1, Math.floor(bottom - 0.5));
  const crossings: number[] = [];
  for (let y = first; y <= last; y += 1) {
    const centre = y + 0.5;
    crossings.length = 0;
    let previous = points[points.length - 1];
    for (const point of points) {
      if (previous && previous.y <= centre !== point.y <= centre) {
        const part = (centre - previous.y) / (point.y - previous.y);
        crossings.push(previous.x + part * (point.x - previous.x));
      }
      previous = point;
    }
    crossings.sort((one, other) => one - other);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const start = Math.max(clip.x, Math.ceil((crossings[i] ?? 0) - 0.5));
      const end = Math.min(clip.x + clip.width, Math.ceil((crossings[i + 1] ?? 0) - 0.5));
      if (start < end) sink(y, start, end);
    }
  }
}
