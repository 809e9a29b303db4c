import { type BlockTable } from '../pixels/block-table';
import { blockCount, blockRows, packedRowBytes, type PageLayout } from '../pixels/page-layout';

/** Planes that follow each other in the file although only one directory describes them. */
export interface ContiguousPlanes {
  readonly planes: number;
  readonly planeBytes: number;
}

/**
 * ImageJ writes stacks above 4 GB (and some writers all stacks) with one
 * directory and the planes one after the other. As many planes as fit before the
 * end of the file, or before what the directory itself takes behind them, are
 * believed. Null where the page isn't of that kind.
 * @param occupied places of the directory and of its tags' values
 */
export async function contiguousPlanes(
  table: BlockTable,
  promised: number,
  occupied: readonly number[],
): Promise<ContiguousPlanes | null> {
  const { layout } = table;
  if (promised < 2 || layout.compression !== 1) return null;
  const start = await contiguousStart(table);
  if (start === null) return null;
  const planeBytes = pageBytes(layout);
  const end = occupied
    .filter((at) => at >= start + planeBytes)
    .reduce((least, at) => Math.min(least, at), table.fileBytes);
  const fitting = Math.floor((end - start) / planeBytes);
  return { planes: Math.max(1, Math.min(promised, fitting)), planeBytes };
}

/** Bytes of all pixels of an uncompressed page. */
export function pageBytes(layout: PageLayout): number {
  const planes = layout.samples / layout.samplesPerBlock;
  const rows = layout.tiled ? layout.blocksDown * layout.blockHeight : layout.height;
  return packedRowBytes(layout) * layout.blocksAcross * rows * planes;
}

/** Where the page's pixels begin, if they lie in one piece. */
async function contiguousStart(table: BlockTable): Promise<number | null> {
  const { layout } = table;
  const places = await table.places(0, blockCount(layout));
  let start: number | null = null;
  let end = 0;
  for (const [index, place] of places.entries()) {
    if (place.kind !== 'stored') return null;
    if (start !== null && place.at !== end) return null;
    start ??= place.at;
    const perPlane = layout.blocksAcross * layout.blocksDown;
    const down = Math.floor((index % perPlane) / layout.blocksAcross);
    end = place.at + packedRowBytes(layout) * blockRows(layout, down);
  }
  return start;
}
