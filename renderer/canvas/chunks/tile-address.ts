import { sizeAtLevel, TILE_SIZE, tilesIn } from '#contract/tiles';
import { reducedRect } from './label-pyramid';
import { visibleRect, type ViewGeometry } from '../camera/view-geometry';

/** A tile of a level of a slice. */
export interface At {
  readonly z: number;
  readonly level: number;
  readonly tx: number;
  readonly ty: number;
}

/** `z/level/tx/ty` */
export function keyOf({ z, level, tx, ty }: At): string {
  return `${String(z)}/${String(level)}/${String(tx)}/${String(ty)}`;
}

/** Tiles of a level that the view shows of a slice. */
export function tilesInSight(geometry: ViewGeometry, z: number, level: number): At[] {
  const { imageWidth, imageHeight } = geometry;
  const rect = reducedRect(visibleRect(geometry), level);
  return tilesIn(rect, sizeAtLevel(imageWidth, level), sizeAtLevel(imageHeight, level)).map(
    ({ tx, ty }) => ({ z, level, tx, ty }),
  );
}

/** The full-size tile of a pixel. */
export function tileUnder(z: number, x: number, y: number): At {
  return { z, level: 0, tx: Math.floor(x / TILE_SIZE), ty: Math.floor(y / TILE_SIZE) };
}

/** Where a pixel stands in its tile. */
export function indexInTile(x: number, y: number): number {
  return (y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE);
}
