import type { BadBlock } from '#contract/entities';
import { intersect, type Rect } from '#contract/tiles';
import { type BlockPlace, isImplausible } from './block-table';
import { packedRowBytes, type PageLayout } from './page-layout';

/** A strip or tile and where it is stored. */
export interface Block {
  /** In the slice; a tile reaches beyond its edge. */
  readonly rect: Rect;
  /** Which sample, for planar pages. */
  readonly plane: number;
  readonly place: BlockPlace;
}

/** Rows of a block from `from` on can't be had. */
export interface BlockProblem {
  readonly from: number;
  readonly state: BadBlock['state'];
  readonly reason: string;
}

/** What a block's place alone says against it; null when its bytes are there. */
export function blockProblem(block: Block, layout: PageLayout): BlockProblem | null {
  const { place, rect } = block;
  if (place.kind === 'fill') return null;
  if (place.kind === 'missing') return { from: 0, state: 'missing', reason: place.reason };
  const rowBytes = packedRowBytes(layout);
  if (layout.compression === 1) {
    const rows = Math.floor(place.length / rowBytes);
    return rows < rect.height ? truncated(block, rows) : null;
  }
  const decoded = rowBytes * rect.height;
  if (!isImplausible(place.length, decoded)) return null;
  return { from: 0, state: 'corrupt', reason: `${place.length} bytes can't hold ${decoded}` };
}

export function truncated({ rect }: Block, rows: number): BlockProblem {
  return { from: rows, state: 'truncated', reason: `truncated at row ${rect.y + rows}` };
}

/** The part of a problem that lies in `region` of the page, in pixels of the region. */
export function badPart(
  problem: BlockProblem,
  block: Block,
  layout: PageLayout,
  region: Rect,
): BadBlock | null {
  const { rect } = block;
  const rows = { ...rect, y: rect.y + problem.from, height: rect.height - problem.from };
  const page = { x: 0, y: 0, width: layout.width, height: layout.height };
  const onPage = intersect(rows, page);
  const seen = onPage === null ? null : intersect(onPage, region);
  if (seen === null) return null;
  const { state, reason } = problem;
  return { ...seen, x: seen.x - region.x, y: seen.y - region.y, state, reason };
}

/** Joins bad blocks that lie directly below each other for the same reason. */
export function joinRows(bad: readonly BadBlock[]): BadBlock[] {
  const joined: BadBlock[] = [];
  for (const block of [...bad].sort((a, b) => a.x - b.x || a.y - b.y)) {
    const above = joined.at(-1);
    const bottom = above === undefined ? 0 : above.y + above.height;
    if (
      above?.x === block.x &&
      above.width === block.width &&
      bottom >= block.y &&
      above.state === block.state &&
      above.reason === block.reason
    ) {
      const height = Math.max(bottom, block.y + block.height) - above.y;
      joined[joined.length - 1] = { ...above, height };
    } else joined.push(block);
  }
  return joined;
}
