import type { StackWarning } from '#contract/entities';
import { type BlockTable } from './block-table';
import { blockCount, blockRows, packedRowBytes, type PageLayout } from './page-layout';

/** Planes that follow each other in the file although only one directory describes them. */
export interface ContiguousPlanes {
  readonly planes: number;
  readonly planeBytes: number;
  readonly warnings: readonly StackWarning[];
}

/**
 * ImageJ writes stacks above 4 GB (and some writers all stacks) with one
 * directory and the planes one after the other. As many planes as fit the file
 * are believed. Null where the page isn't of that kind.
 */
export async function contiguousPlanes(
  table: BlockTable,
  promised: number,
): Promise<ContiguousPlanes | null> {
  const { layout } = table;
  if (promised < 2 || layout.compression !== 1) return null;
  const start = await contiguousStart(table);
  if (start === null) return null;
  const planeBytes = pageBytes(layout);
  const fitting = Math.floor((table.fileBytes - start) / planeBytes);
  const planes = Math.max(1, Math.min(promised, fitting));
  const warnings =
    planes < promised
      ? [
          {
            code: 'planes-missing',
            message: `The description promises ${promised} slices; the file holds ${planes}.`,
          },
        ]
      : [];
  return { planes, planeBytes, warnings };
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
