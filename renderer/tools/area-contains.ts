import type { PixelArea } from '#labels/pixel-area';
import type { Point } from '#labels/rasterize';

/** The pixel under a point of the slice belongs to the area. */
export function areaContains({ bounds, spans }: PixelArea, { x, y }: Point): boolean {
  const column = Math.floor(x);
  const row = Math.floor(y);
  if (bounds.width === 0 || column < bounds.x || column >= bounds.x + bounds.width) return false;
  // The last span that begins at or before the pixel.
  let low = 0;
  let high = spans.length / 3 - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const spanRow = spans[middle * 3] ?? 0;
    const start = spans[middle * 3 + 1] ?? 0;
    if (spanRow < row || (spanRow === row && start <= column)) low = middle;
    else high = middle - 1;
  }
  return (
    spans[low * 3] === row &&
    (spans[low * 3 + 1] ?? 0) <= column &&
    column < (spans[low * 3 + 2] ?? 0)
  );
}
