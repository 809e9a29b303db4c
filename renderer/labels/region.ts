import type { Rect, TileAddress } from '#contract/tiles';
import { polygonArea } from './operations/polygon';
import { areaOfRect, type PixelArea } from './pixel-area';
import type { Point } from './rasterize';

/** A part of a slice, in image pixels. */
export type Region =
  | { readonly kind: 'slice' }
  | { readonly kind: 'rectangle'; readonly rect: Rect }
  | { readonly kind: 'polygon'; readonly points: readonly Point[] };

/** Class of every pixel of a tile as it is shown (a byte each; 0 = nothing is shown there); null = nothing at all. */
export type ShownClasses = (tile: TileAddress) => Uint8Array | null;

/** The pixels of a region that lie in the slice of `width` × `height`; of a rectangle every pixel that it touches. */
export function regionArea(region: Region, width: number, height: number): PixelArea {
  const bounds = regionBounds(region, width, height);
  return region.kind === 'polygon'
    ? polygonArea(region.points, bounds)
    : areaOfRect(bounds, width, height);
}

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
