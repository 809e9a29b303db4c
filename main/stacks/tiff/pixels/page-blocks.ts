import type { Rect } from '#contract/tiles';
import type { SourceFile } from '../../source-file';
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

/** Places asked for at once. */
const GROUP = 4096;

/** All blocks of a page that touch `rect`, in groups, row by row. */
export async function* blocksIn(page: PageAddress, rect: Rect): AsyncGenerator<Block[]> {
  const { layout } = page.table;
  const { blockWidth, blockHeight, blocksAcross, blocksDown, samples, samplesPerBlock } = layout;
  const left = Math.floor(rect.x / blockWidth);
  const across = Math.floor((rect.x + rect.width - 1) / blockWidth) - left + 1;
  const top = Math.floor(rect.y / blockHeight);
  const bottom = Math.floor((rect.y + rect.height - 1) / blockHeight);
  // Rows of blocks follow each other in the table where they are wanted whole.
  const rowsAtOnce = across === blocksAcross ? Math.max(1, Math.floor(GROUP / across)) : 1;
  for (let plane = 0; plane < samples / samplesPerBlock; plane += 1) {
    for (let down = top; down <= bottom; down += rowsAtOnce) {
      const rows = Math.min(rowsAtOnce, bottom - down + 1);
      const first = (plane * blocksDown + down) * blocksAcross + left;
      const places = await page.table.places(first, rows * across, page.shift);
      yield places.map((place, index) => {
        const row = down + Math.floor(index / across);
        const x = (left + (index % across)) * blockWidth;
        const height = blockRows(layout, row);
        return { rect: { x, y: row * blockHeight, width: blockWidth, height }, plane, place };
      });
    }
  }
}
