import type { Rect } from '#contract/tiles';
import { areaFromSpans, type PixelArea } from '../pixel-area';
import { rasterizePolygon, type Point } from '../rasterize';
import { SpanList } from '../span-list';

/** Pixels of the slice whose centres lie inside a closed polygon (even-odd, corners in image pixels); none for fewer than three corners. */
export function polygonArea(points: readonly Point[], slice: Rect): PixelArea {
  const spans = new SpanList();
  rasterizePolygon(points, slice, spans.add);
  return areaFromSpans(spans.toSpans());
}
