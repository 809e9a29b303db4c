import { TILE_SIZE, type Rect } from '#contract/tiles';

/** A rectangle with the pixels around it, as far as they lie in the tile. */
export function grownInTile(rect: Rect): Rect {
  const x = Math.max(0, rect.x - 1);
  const y = Math.max(0, rect.y - 1);
  return {
    x,
    y,
    width: Math.min(TILE_SIZE, rect.x + rect.width + 1) - x,
    height: Math.min(TILE_SIZE, rect.y + rect.height + 1) - y,
  };
}

/** Pixels of a tile that lie in the slice. */
export interface TileExtent {
  readonly width: number;
  readonly height: number;
}

/**
 * A pixel of a region that borders on another region: one of its four
 * neighbours has another id. Beyond the tile and beyond the slice everything
 * goes on as it is, so that no line follows their edges.
 */
export function isOutline(
  ids: Uint8Array | Uint32Array,
  x: number,
  y: number,
  extent: TileExtent,
): boolean {
  const i = y * TILE_SIZE + x;
  const id = ids[i];
  if (id === 0) return false;
  return (
    (x > 0 && ids[i - 1] !== id) ||
    (x + 1 < extent.width && ids[i + 1] !== id) ||
    (y > 0 && ids[i - TILE_SIZE] !== id) ||
    (y + 1 < extent.height && ids[i + TILE_SIZE] !== id)
  );
}
