import type { Rect } from '#contract/tiles';

/** A place in the slice, in pixels; pixel (i, j) covers i…i+1 × j…j+1, its centre is at i + ½, j + ½. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pixels as long as they are high. */
export const SQUARE: Point = { x: 1, y: 1 };

/** Receives the pixels `start` ≤ x < `end` of row `y`. */
export type SpanSink = (y: number, start: number, end: number) => void;

/**
 * Pixels whose centre a round brush reaches on its way from a to b, its radius
 * going evenly from `radius` to `endRadius` (a disc where both points are the
 * same), and the pixel under each end, so that the thinnest brush leaves a
 * mark and no gaps. One span a row, top to bottom, clipped to `clip` (integer
 * pixels). The brush's way is the convex hull of its two discs, so its row is
 * the hull of the rows of the discs and of the two lines that touch both.
 * `stretch` = how long and high a pixel is where it is no square; radii are in
 * the same unit, and the brush is round in it.
 */
export function rasterizeCapsule(
  from: Point,
  to: Point,
  radius: number,
  clip: Rect,
  sink: SpanSink,
  endRadius: number = radius,
  stretch: Point = SQUARE,
): void {
  const rowA = Math.floor(from.y);
  const rowB = Math.floor(to.y);
  const a = { x: from.x * stretch.x, y: from.y * stretch.y };
  const b = { x: to.x * stretch.x, y: to.y * stretch.y };
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const touching = length > Math.abs(radius - endRadius);
  const ux = touching ? (b.x - a.x) / length : 0;
  const uy = touching ? (b.y - a.y) / length : 0;
  // The touching lines' normals: `along` the way and `across` it.
  const along = touching ? (radius - endRadius) / length : 0;
  const across = Math.sqrt(1 - along * along);
  const top = Math.ceil(Math.min(a.y - radius, b.y - endRadius) / stretch.y - 0.5);
  const bottom = Math.floor(Math.max(a.y + radius, b.y + endRadius) / stretch.y - 0.5);
  const first = Math.max(clip.y, Math.min(top, rowA, rowB));
  const last = Math.min(clip.y + clip.height - 1, Math.max(bottom, rowA, rowB));
  for (let y = first; y <= last; y += 1) {
    const centre = (y + 0.5) * stretch.y;
    const toA = centre - a.y;
    const toB = centre - b.y;
    let left = Infinity;
    let right = -Infinity;
    if (Math.abs(toA) <= radius) {
      const half = Math.sqrt(radius * radius - toA * toA);
      left = a.x - half;
      right = a.x + half;
    }
    if (Math.abs(toB) <= endRadius) {
      const half = Math.sqrt(endRadius * endRadius - toB * toB);
      left = Math.min(left, b.x - half);
      right = Math.max(right, b.x + half);
    }
    for (let side = touching ? -1 : 2; side <= 1; side += 2) {
      const nx = ux * along - uy * across * side;
      const ny = uy * along + ux * across * side;
      const startY = a.y + radius * ny;
      const part = (centre - startY) / (b.y + endRadius * ny - startY);
      // A line along the row is no crossing; the discs it touches tell its ends.
      if (!(part >= 0 && part <= 1)) continue;
      const startX = a.x + radius * nx;
      const x = startX + part * (b.x + endRadius * nx - startX);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    let start = Math.ceil(left / stretch.x - 0.5);
    let end = Math.floor(right / stretch.x - 0.5) + 1;
    if (!(start < end)) {
      start = Infinity;
      end = -Infinity;
    }
    if (y === rowA) {
      start = Math.min(start, Math.floor(from.x));
      end = Math.max(end, Math.floor(from.x) + 1);
    }
    if (y === rowB) {
      start = Math.min(start, Math.floor(to.x));
      end = Math.max(end, Math.floor(to.x) + 1);
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
