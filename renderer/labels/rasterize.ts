import type { Rect } from '#contract/tiles';

/** A place in the slice, in pixels; pixel (i, j) covers i…i+1 × j…j+1, its centre is at i + ½, j + ½. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Receives the pixels `start` ≤ x < `end` of row `y`. */
export type SpanSink = (y: number, start: number, end: number) => void;

/**
 * Pixels whose centre lies within `radius` of the segment a–b (a disc where
 * both are the same), and the pixel under each end, so that the thinnest brush
 * leaves a mark and no gaps. One span a row, top to bottom, clipped to `clip`
 * (integer pixels). A capsule is convex: its row is the hull of the rows of
 * its two discs and of the strip between them.
 */
export function rasterizeCapsule(
  a: Point,
  b: Point,
  radius: number,
  clip: Rect,
  sink: SpanSink,
): void {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy);
  const ux = length > 0 ? dx / length : 0;
  const uy = length > 0 ? dy / length : 0;
  const rowA = Math.floor(a.y);
  const rowB = Math.floor(b.y);
  const right = clip.x + clip.width;
  const first = Math.max(
    clip.y,
    Math.min(Math.ceil(Math.min(a.y, b.y) - radius - 0.5), rowA, rowB),
  );
  const last = Math.min(
    clip.y + clip.height - 1,
    Math.max(Math.floor(Math.max(a.y, b.y) + radius - 0.5), rowA, rowB),
  );
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
    if (Math.abs(toB) <= radius) {
      const half = Math.sqrt(radius * radius - toB * toB);
      from = Math.min(from, b.x - half);
      to = Math.max(to, b.x + half);
    }
    if (length > 0) {
      // The strip: at most `radius` across the segment, 0…length along it.
      let low = -Infinity;
      let high = Infinity;
      if (uy !== 0) {
        const one = a.x + (toA * ux - radius) / uy;
        const other = a.x + (toA * ux + radius) / uy;
        low = Math.min(one, other);
        high = Math.max(one, other);
      } else if (Math.abs(toA) > radius) high = -Infinity;
      if (ux !== 0) {
        const one = a.x - (toA * uy) / ux;
        const other = a.x + (length - toA * uy) / ux;
        low = Math.max(low, Math.min(one, other));
        high = Math.min(high, Math.max(one, other));
      } else if (toA * uy < 0 || toA * uy > length) high = -Infinity;
      if (low <= high) {
        from = Math.min(from, low);
        to = Math.max(to, high);
      }
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
    end = Math.min(end, right);
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
