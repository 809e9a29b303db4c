import { intersect, type Rect } from '#contract/tiles';
import type { SpanSink } from './rasterize';
import { SpanList } from './span-list';

/** A set of pixels of one slice: rows of half-open spans, y then start ascending, disjoint, clipped to the slice. */
export interface PixelArea {
  /** The least rectangle around the pixels; an empty area has width and height 0. */
  readonly bounds: Rect;
  /** y, start, end, y, start, end …; pixels `start` ≤ x < `end` of row y. */
  readonly spans: Int32Array;
}

export const emptyArea: PixelArea = {
  bounds: { x: 0, y: 0, width: 0, height: 0 },
  spans: new Int32Array(0),
};

/** The area of spans that are in order and disjoint already. */
export function areaFromSpans(spans: Int32Array): PixelArea {
  if (spans.length === 0) return emptyArea;
  let left = Infinity;
  let right = -Infinity;
  for (let i = 0; i + 2 < spans.length; i += 3) {
    left = Math.min(left, spans[i + 1] ?? 0);
    right = Math.max(right, spans[i + 2] ?? 0);
  }
  const top = spans[0] ?? 0;
  const bottom = (spans[spans.length - 3] ?? 0) + 1;
  return { bounds: { x: left, y: top, width: right - left, height: bottom - top }, spans };
}

/** The pixels of `rect` whose byte in `mask` (row-major, rect.width × rect.height) is not 0. */
export function areaFromMask(mask: Uint8Array, rect: Rect): PixelArea {
  const { width, height } = rect;
  if (mask.length !== width * height)
    throw new RangeError(`mask of ${String(mask.length)} bytes for ${rectText(rect)}`);
  const spans = new SpanList();
  for (let row = 0; row < height; row += 1) {
    const from = row * width;
    const stop = from + width;
    for (let i = from; i < stop; i += 1) {
      if (mask[i] === 0) continue;
      const start = i;
      i += 1;
      while (i < stop && mask[i] !== 0) i += 1;
      spans.add(rect.y + row, rect.x + start - from, rect.x + i - from);
    }
  }
  return areaFromSpans(spans.toSpans());
}

/** A byte a pixel of `rect`, row-major: 1 where the area is, else 0. What lies outside `rect` is left out. */
export function maskOfArea(area: PixelArea, rect: Rect): Uint8Array {
  const mask = new Uint8Array(rect.width * rect.height);
  forEachSpan(area, (y, start, end) => {
    const row = y - rect.y;
    if (row < 0 || row >= rect.height) return;
    const from = Math.max(0, start - rect.x);
    const to = Math.min(rect.width, end - rect.x);
    if (from < to) mask.fill(1, row * rect.width + from, row * rect.width + to);
  });
  return mask;
}

export function areaPixelCount(area: PixelArea): number {
  let count = 0;
  forEachSpan(area, (_, start, end) => (count += end - start));
  return count;
}

/** Every pixel of `rect` that lies in the slice of `width` × `height`. */
export function areaOfRect(rect: Rect, width: number, height: number): PixelArea {
  const inside = intersect(rect, { x: 0, y: 0, width, height });
  if (!inside) return emptyArea;
  const spans = new SpanList();
  for (let y = inside.y; y < inside.y + inside.height; y += 1)
    spans.add(y, inside.x, inside.x + inside.width);
  return { bounds: inside, spans: spans.toSpans() };
}

/** Calls `sink` with every span, in order. */
export function forEachSpan({ spans }: PixelArea, sink: SpanSink): void {
  for (let i = 0; i + 2 < spans.length; i += 3)
    sink(spans[i] ?? 0, spans[i + 1] ?? 0, spans[i + 2] ?? 0);
}

function rectText({ x, y, width, height }: Rect): string {
  return `${String(width)} × ${String(height)} at ${String(x)}, ${String(y)}`;
}
