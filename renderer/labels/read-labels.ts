import { intersect, TILE_SIZE, tilesIn, type Rect } from '#contract/tiles';
import type { ByteField } from './byte-field';
import type { LabelTiles } from './tile-store';

/** Label bytes of a rectangle of whole pixels, clipped to the slice; null while a tile of it is not loaded, or where it lies outside. */
export function readLabels(tiles: LabelTiles, z: number, rect: Rect): ByteField | null {
  const { width, height } = tiles;
  const inside = intersect(rect, { x: 0, y: 0, width, height });
  if (!inside) return null;
  const data = new Uint8Array(inside.width * inside.height);
  for (const { tx, ty } of tilesIn(inside, width, height)) {
    const pixels = tiles.read(z, tx, ty);
    if (pixels === undefined) return null;
    if (pixels === null) continue;
    const part = intersect(inside, {
      x: tx * TILE_SIZE,
      y: ty * TILE_SIZE,
      width: TILE_SIZE,
      height: TILE_SIZE,
    });
    if (!part) continue;
    for (let y = part.y; y < part.y + part.height; y += 1) {
      const from = (y - ty * TILE_SIZE) * TILE_SIZE + part.x - tx * TILE_SIZE;
      const to = (y - inside.y) * inside.width + part.x - inside.x;
      data.set(pixels.subarray(from, from + part.width), to);
    }
  }
  return { rect: inside, data };
}
