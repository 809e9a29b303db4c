import type { Rect } from '#contract/tiles';
import type { StoredBlock, StoredLayout } from '../blocks/stored-pixels';
import { blockProblem } from './pixels/block-problem';
import { blockCodec } from './pixels/block-region';
import { directRows, isDirect } from './pixels/direct-rows';
import { blocksIn, type PageAddress } from './pixels/page-blocks';
import { packedRowBytes } from './pixels/page-layout';

/** More blocks than this are too many to send to a worker at once. */
const MOST_BLOCKS = 16_384;

/** Where the pixels of `rect` (inside the page) lie; null for pages of several values a pixel, and where any of them is missing, left out or cut. */
export async function storedLayout(page: PageAddress, rect: Rect): Promise<StoredLayout | null> {
  const { layout } = page.table;
  const { samples, colour } = layout;
  if (samples !== 1 || colour.kind !== 'as-is' || colour.meaning.alpha !== null) return null;
  if (isDirect(layout)) {
    const { runs, bad } = await directRows(page, rect);
    const rows = runs.reduce((sum, run) => sum + run.rows, 0);
    if (bad.length > 0 || rows !== rect.height) return null;
    const stride = packedRowBytes(layout);
    const left = (rect.x * stride) / layout.width;
    return { kind: 'rows', stride, left, bigEndian: page.bigEndian, runs };
  }
  const blocks: StoredBlock[] = [];
  for await (const group of blocksIn(page, rect)) {
    for (const block of group) {
      const { place } = block;
      if (place.kind !== 'stored' || place.cut || blockProblem(block, layout) !== null) return null;
      const { x, y, height } = block.rect;
      const { at, length } = place;
      blocks.push({ at, length, x: x - rect.x, y: y - rect.y, rows: height });
    }
    if (blocks.length > MOST_BLOCKS) return null;
  }
  const codec = blockCodec(layout, page.bigEndian);
  return { kind: 'blocks', codec, blockWidth: layout.blockWidth, blocks };
}
