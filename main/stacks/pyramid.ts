import { setImmediate } from 'node:timers/promises';
import { sizeAtLevel, TILE_SIZE, tileRect } from '#contract/tiles';
import { halveRegion } from './halve-region';
import { bytesOf, bytesPerSample, copyRows, newPixels } from '#volume/pixel-array';
import type { StackInfo } from '#contract/entities';
import type { Region } from './stack-source';

/** Gives a tile of the level below; tiles outside the slice are not asked for. */
export type TileOf = (tx: number, ty: number) => Promise<Region>;

/**
 * A tile of level ≥ 1 from the up to four tiles under it: 2 × 2 means of the
 * pixels that could be read, or what `halve` makes of them.
 */
export async function halvedTile(
  info: Pick<StackInfo, 'width' | 'height' | 'type'>,
  level: number,
  tx: number,
  ty: number,
  below: TileOf,
  halve: (region: Region) => Region = halveRegion,
): Promise<Region> {
  const width = sizeAtLevel(info.width, level - 1);
  const height = sizeAtLevel(info.height, level - 1);
  const left = tx * 2 * TILE_SIZE;
  const top = ty * 2 * TILE_SIZE;
  const parentWidth = Math.min(2 * TILE_SIZE, width - left);
  const parentHeight = Math.min(2 * TILE_SIZE, height - top);
  const size = bytesPerSample(info.type);
  const data = newPixels(info.type, parentWidth * parentHeight);
  const bad: Region['bad'][number][] = [];
  for (let row = 0; row * TILE_SIZE < parentHeight; row += 1) {
    for (let column = 0; column * TILE_SIZE < parentWidth; column += 1) {
      const at = { tx: tx * 2 + column, ty: ty * 2 + row };
      const tile = await below(at.tx, at.ty);
      const rect = tileRect(at, width, height);
      const x = rect.x - left;
      const y = rect.y - top;
      const stride = parentWidth * size;
      const start = (y * parentWidth + x) * size;
      const rowBytes = rect.width * size;
      copyRows(
        bytesOf(tile.data),
        rowBytes,
        0,
        bytesOf(data),
        stride,
        start,
        rowBytes,
        rect.height,
      );
      bad.push(...tile.bad.map((block) => ({ ...block, x: block.x + x, y: block.y + y })));
    }
  }
  const parent = { type: info.type, samples: 1, width: parentWidth, height: parentHeight };
  await setImmediate();
  return halve({ ...parent, data, bad });
}
