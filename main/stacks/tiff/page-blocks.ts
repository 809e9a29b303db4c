import type { Rect } from '#contract/tiles';
import type { SourceFile } from '../source-file';
import type { Block } from './block-problem';
import type { BlockTable } from './block-table';
import { blockRows } from './page-layout';

/** One page ready to be read: a directory's blocks, or those of a later plane of the same layout. */
export interface PageAddress {
  readonly file: SourceFile;
  readonly bigEndian: boolean;
  readonly table: BlockTable;
  /** Bytes to add to every block's offset. */
  readonly shift: number;
}

/** All blocks of a page that touch `rect`, a row of blocks at a time. */
export async function* blocksIn(page: PageAddress, rect: Rect): AsyncGenerator<Block[]> {
  const { layout } = page.table;
  const { blockWidth, blockHeight, blocksAcross, blocksDown, samples, samplesPerBlock } = layout;
  const left = Math.floor(rect.x / blockWidth);
  const right = Math.floor((rect.x + rect.width - 1) / blockWidth);
  const top = Math.floor(rect.y / blockHeight);
  const bottom = Math.floor((rect.y + rect.height - 1) / blockHeight);
  for (let plane = 0; plane < samples / samplesPerBlock; plane += 1) {
    for (let down = top; down <= bottom; down += 1) {
      const row = (plane * blocksDown + down) * blocksAcross;
      const places = await page.table.places(row + left, right - left + 1, page.shift);
      yield places.map((place, index) => ({
        rect: {
          x: (left + index) * blockWidth,
          y: down * blockHeight,
          width: blockWidth,
          height: blockRows(layout, down),
        },
        plane,
        place,
      }));
    }
  }
}
