/** Edge of every tile, in pixels: raw, probability and label tiles alike. On the wire a tile is always full size; pixels outside the slice are 0 and never shown. */
export const TILE_SIZE = 512;
export const TILE_PIXELS = TILE_SIZE * TILE_SIZE;

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TileAddress {
  readonly tx: number;
  readonly ty: number;
}

/** Width or height at a pyramid level: half size each level, rounded up, at least 1. */
export function sizeAtLevel(size: number, level: number): number {
  return Math.max(1, Math.ceil(size / 2 ** level));
}

/** Number of tiles along an edge of `size` pixels. */
export function tileCount(size: number): number {
  return Math.ceil(size / TILE_SIZE);
}

/** Level at which the whole slice fits in one tile; levels run 0…levelCount − 1. */
export function levelCount(width: number, height: number): number {
  let level = 0;
  while (Math.max(sizeAtLevel(width, level), sizeAtLevel(height, level)) > TILE_SIZE) level += 1;
  return level + 1;
}

/** Tiles that a pixel rectangle touches, row by row; the rectangle is clipped to the slice. */
export function tilesIn(rect: Rect, width: number, height: number): TileAddress[] {
  const left = Math.max(0, Math.floor(rect.x));
  const top = Math.max(0, Math.floor(rect.y));
  const right = Math.min(width, Math.ceil(rect.x + rect.width));
  const bottom = Math.min(height, Math.ceil(rect.y + rect.height));
  const tiles: TileAddress[] = [];
  if (right <= left || bottom <= top) return tiles;
  for (let ty = Math.floor(top / TILE_SIZE); ty * TILE_SIZE < bottom; ty += 1) {
    for (let tx = Math.floor(left / TILE_SIZE); tx * TILE_SIZE < right; tx += 1)
      tiles.push({ tx, ty });
  }
  return tiles;
}

/** The part of the slice that a tile covers, in slice pixels. */
export function tileRect({ tx, ty }: TileAddress, width: number, height: number): Rect {
  const x = tx * TILE_SIZE;
  const y = ty * TILE_SIZE;
  return { x, y, width: Math.min(TILE_SIZE, width - x), height: Math.min(TILE_SIZE, height - y) };
}

export function intersect(a: Rect, b: Rect): Rect | null {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** A rectangle of tiles of a level. */
export interface TileBlock extends TileAddress {
  readonly across: number;
  readonly down: number;
}

/** Tiles of a block, row by row: the order in which they follow each other in an answer. */
export function tilesOf({ tx, ty, across, down }: TileBlock): TileAddress[] {
  return Array.from({ length: across * down }, (_, i) => ({
    tx: tx + (i % across),
    ty: ty + Math.floor(i / across),
  }));
}

/** The part of a level of `width` × `height` pixels that a block covers; null where it lies beside it or reaches a whole tile beyond. */
export function blockRect(block: TileBlock, width: number, height: number): Rect | null {
  const { tx, ty, across, down } = block;
  const sound = [tx, ty, across, down].every((value) => Number.isInteger(value) && value >= 0);
  const fits = tx + across <= tileCount(width) && ty + down <= tileCount(height);
  if (!sound || !fits || across * down === 0) return null;
  const [x, y] = [tx * TILE_SIZE, ty * TILE_SIZE];
  return {
    x,
    y,
    width: Math.min(across * TILE_SIZE, width - x),
    height: Math.min(down * TILE_SIZE, height - y),
  };
}
