import type { MaskThresholds } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { firstByte } from '#contract/mask/membrane-mask';
import { TILE_PIXELS, TILE_SIZE, tilesIn, type Rect } from '#contract/tiles';
import { linedBy } from '../overlay/mask-lines';
import { RawColour, type RawWindow } from './raw-colour';
import type { TileSource } from '../chunks/tile-source';

/** A rectangle of a slice at full size, and the slice's size in pixels. */
export interface Place {
  readonly z: number;
  readonly rect: Rect;
  readonly size: { readonly width: number; readonly height: number };
}

/** Runs through the pixels of a place that lie in a tile: where they stand in the tile, and in the place. */
function eachPixel(
  { rect }: Place,
  tx: number,
  ty: number,
  visit: (inTile: number, inPlace: number) => void,
): void {
  const [left, top] = [tx * TILE_SIZE, ty * TILE_SIZE];
  const right = Math.min(rect.x + rect.width, left + TILE_SIZE);
  const bottom = Math.min(rect.y + rect.height, top + TILE_SIZE);
  for (let y = Math.max(rect.y, top); y < bottom; y += 1)
    for (let x = Math.max(rect.x, left); x < right; x += 1)
      visit((y - top) * TILE_SIZE + (x - left), (y - rect.y) * rect.width + (x - rect.x));
}

/** The predicted mask of a version at a place, 1 on membrane, row by row; null where it has predicted nothing. */
export async function placeMask(
  source: TileSource,
  model: ModelId,
  mask: MaskThresholds,
  place: Place,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { z, rect, size } = place;
  const from = firstByte(mask.pixel);
  const lined = linedBy(model, mask);
  const out = new Uint8Array(rect.width * rect.height);
  for (const { tx, ty } of tilesIn(rect, size.width, size.height)) {
    const probability = await source.probability(model, z, 0, tx, ty, signal);
    if (probability === null) return null;
    const line = lined && (await source.line(model, z, lined.from, 0, tx, ty, signal));
    eachPixel(place, tx, ty, (i, at) => {
      out[at] = (probability[i] ?? 0) >= from || (line !== null && line[i] !== 0) ? 1 : 0;
    });
  }
  return out;
}

/** The raw values of a place through a window, as opaque RGBA pixels (little-endian). */
export async function placeGrey(
  source: TileSource,
  window: RawWindow,
  place: Place,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const { z, rect, size } = place;
  const colour = new RawColour(window);
  const tile = new Uint32Array(TILE_PIXELS);
  const out = new Uint32Array(rect.width * rect.height);
  for (const { tx, ty } of tilesIn(rect, size.width, size.height)) {
    colour.colour(await source.raw(z, 0, tx, ty, signal), tile);
    eachPixel(place, tx, ty, (i, at) => {
      out[at] = tile[i] ?? 0;
    });
  }
  return out;
}
