import { intersect, TILE_PIXELS, TILE_SIZE, type TileAddress } from '#contract/tiles';
import type { ByteField } from '#labels/byte-field';
import type { ShownClasses } from '#labels/region';

/** The classes of a window of the slice, tile by tile as the labels ask for them; outside of it nothing is shown. */
export function shownClassesOf({ rect, data }: ByteField): ShownClasses {
  return ({ tx, ty }: TileAddress) => {
    const tile = { x: tx * TILE_SIZE, y: ty * TILE_SIZE, width: TILE_SIZE, height: TILE_SIZE };
    const part = intersect(tile, rect);
    if (!part) return null;
    const classes = new Uint8Array(TILE_PIXELS);
    for (let y = part.y; y < part.y + part.height; y += 1) {
      const from = (y - rect.y) * rect.width + part.x - rect.x;
      classes.set(
        data.subarray(from, from + part.width),
        (y - tile.y) * TILE_SIZE + part.x - tile.x,
      );
    }
    return classes;
  };
}
