import type { ElementType } from '#contract/entities';
import { TILE_PIXELS, TILE_SIZE, type TileBlock } from '#contract/tiles';
import { bytesOf, bytesPerSample, copyRows, newPixels, type PixelArray } from '#volume/pixel-array';
import { viewable } from '../wire-tile';

/** Tiles of a block as they go to the window, one after the other: TILE_SIZE² values each, little-endian, 0 outside the slice. */
export interface WireBlock {
  readonly element: ElementType;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hasBadBlocks: boolean;
}

/** A part of a level as tiles; `width` and `height` end within the last of them. */
export function wireBlock(
  part: {
    readonly type: ElementType;
    readonly width: number;
    readonly height: number;
    readonly data: PixelArray;
  },
  { across, down }: Pick<TileBlock, 'across' | 'down'>,
  hasBadBlocks = false,
): WireBlock {
  const { type, data } = viewable(part);
  const size = bytesPerSample(type);
  const bytes = bytesOf(newPixels(type, across * down * TILE_PIXELS));
  const from = bytesOf(data);
  const stride = part.width * size;
  for (let row = 0; row < down; row += 1)
    for (let column = 0; column < across; column += 1) {
      const [x, y] = [column * TILE_SIZE, row * TILE_SIZE];
      const columns = Math.min(TILE_SIZE, part.width - x);
      const rows = Math.min(TILE_SIZE, part.height - y);
      const tile = (row * across + column) * TILE_PIXELS * size;
      const start = y * stride + x * size;
      copyRows(from, stride, start, bytes, TILE_SIZE * size, tile, columns * size, rows);
    }
  return { element: type, bytes, hasBadBlocks };
}
