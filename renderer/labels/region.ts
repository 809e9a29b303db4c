import { UNTOUCHED } from '#contract/label-byte';
import { TILE_SIZE, tilesIn, type Rect, type TileAddress } from '#contract/tiles';
import { rasterizePolygon, type Point, type SpanSink } from './rasterize';
import type { LabelTransaction } from './transaction';

/** A part of a slice, in image pixels. */
export type Region =
  | { readonly kind: 'slice' }
  | { readonly kind: 'rectangle'; readonly rect: Rect }
  | { readonly kind: 'polygon'; readonly points: readonly Point[] };

/** Class of every pixel of a tile as it is shown (a byte each; 0 = nothing is shown there); null = nothing at all. */
export type ShownClasses = (tile: TileAddress) => Uint8Array | null;

/** The least rectangle of whole pixels around a region, clipped to the slice; empty ones have no size. */
export function regionBounds(region: Region, width: number, height: number): Rect {
  const [from, to] = corners(region, width, height);
  const x = Math.max(0, Math.floor(from.x));
  const y = Math.max(0, Math.floor(from.y));
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, Math.ceil(to.x)) - x),
    height: Math.max(0, Math.min(height, Math.ceil(to.y)) - y),
  };
}

function corners(region: Region, width: number, height: number): [Point, Point] {
  switch (region.kind) {
    case 'slice':
      return [
        { x: 0, y: 0 },
        { x: width, y: height },
      ];
    case 'rectangle': {
      const { x, y } = region.rect;
      return [
        { x, y },
        { x: x + region.rect.width, y: y + region.rect.height },
      ];
    }
    case 'polygon': {
      const from = { x: Infinity, y: Infinity };
      const to = { x: -Infinity, y: -Infinity };
      for (const { x, y } of region.points) {
        from.x = Math.min(from.x, x);
        from.y = Math.min(from.y, y);
        to.x = Math.max(to.x, x);
        to.y = Math.max(to.y, y);
      }
      return [from, to];
    }
  }
}

function regionSpans(region: Region, bounds: Rect, sink: SpanSink): void {
  if (region.kind === 'polygon') {
    rasterizePolygon(region.points, bounds, sink);
    return;
  }
  for (let y = bounds.y; y < bounds.y + bounds.height; y += 1)
    sink(y, bounds.x, bounds.x + bounds.width);
}

/** Takes all labels in a region away. */
export function eraseRegion(
  transaction: LabelTransaction,
  region: Region,
  width: number,
  height: number,
): void {
  regionSpans(region, regionBounds(region, width, height), (y, start, end) => {
    transaction.fill(y, start, end, UNTOUCHED, false);
  });
}

/** Accepts what is shown in a region where nobody has looked yet; painted and confirmed pixels stay. */
export function confirmRegion(
  transaction: LabelTransaction,
  region: Region,
  width: number,
  height: number,
  shown: ShownClasses,
): void {
  const bounds = regionBounds(region, width, height);
  for (const { tx, ty } of tilesIn(bounds, width, height)) {
    const classes = shown({ tx, ty });
    if (!classes) continue;
    const x = Math.max(bounds.x, tx * TILE_SIZE);
    const y = Math.max(bounds.y, ty * TILE_SIZE);
    const part: Rect = {
      x,
      y,
      width: Math.min(bounds.x + bounds.width, (tx + 1) * TILE_SIZE) - x,
      height: Math.min(bounds.y + bounds.height, (ty + 1) * TILE_SIZE) - y,
    };
    regionSpans(region, part, (row, start, end) => {
      transaction.confirm(row, start, end, tx, classes);
    });
  }
}
