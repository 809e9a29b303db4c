import type { BadBlock, StackWarning } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { type PageState, worstState } from '../../stack-source';
import { badPart, blockProblem, joinRows } from './block-problem';
import { limits } from '../container/limits';
import { blocksIn, type PageAddress } from './page-blocks';
import { packedRowBytes } from './page-layout';

export interface PageStructure extends PageState {
  readonly warnings: readonly StackWarning[];
}

const MiB = 2 ** 20;

/**
 * Checks where a page's blocks lie, without reading pixels.
 * @throws MembranaError tiff.truncated when next to nothing of a large uncompressed page is in the file
 */
export async function pageStructure(page: PageAddress): Promise<PageStructure> {
  const { layout } = page.table;
  const { width, height } = layout;
  const bad: BadBlock[] = [];
  const whole = { x: 0, y: 0, width, height };
  const rowBytes = packedRowBytes(layout);
  let needed = 0;
  let present = 0;
  let clamped = 0;
  for await (const blocks of blocksIn(page, whole)) {
    for (const block of blocks) {
      if (block.place.kind !== 'fill') needed += rowBytes * block.rect.height;
      if (block.place.kind === 'stored') {
        present += block.place.length;
        if (block.place.cut) clamped += 1;
      }
      const problem = blockProblem(block, layout);
      const part = problem === null ? null : badPart(problem, block, layout, whole);
      if (part !== null) bad.push(part);
    }
  }
  if (layout.compression === 1 && needed > 16 * MiB && present < needed * limits.presentFraction)
    throw new MembranaError(
      'tiff.truncated',
      `${page.file.name} declares ${needed} bytes of pixels and holds ${present}.`,
      {
        hint: 'Copy or export the file again; the last copy did not finish.',
        data: { file: page.file.name, declared: needed, present },
      },
    );
  const joined = joinRows(bad);
  return { state: worstState(joined), bad: joined, warnings: structureWarnings(joined, clamped) };
}

function structureWarnings(bad: readonly BadBlock[], clamped: number): StackWarning[] {
  const first = bad[0];
  const warnings: StackWarning[] = [];
  if (first !== undefined)
    warnings.push({
      code: `blocks-${worstState(bad)}`,
      message: `Parts of the first page can't be read (from row ${first.y}: ${first.reason}).`,
      page: 0,
    });
  if (clamped > 0)
    warnings.push({
      code: 'byte-counts',
      message: `${clamped} strips or tiles claim more bytes than the file has; they are read to its end.`,
      page: 0,
    });
  return warnings;
}
