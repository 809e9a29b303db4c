import { MembranaError } from '#contract/errors';
import type { Rect } from '#contract/tiles';
import type { DecodePool } from '../../decode-pool';
import { bytesPerSample, newPixels } from '#volume/pixel-array';
import type { Region } from '../../stack-source';
import { joinRows } from './block-problem';
import { readBlocks } from './block-region';
import { isDirect, readDirect } from './direct-rows';
import { limits } from '../container/limits';
import type { PageAddress } from './page-blocks';
import type { RegionTarget } from './region-target';

/**
 * Reads `rect` (inside the page) into native pixels.
 * @throws MembranaError tiff.too-large when the region is beyond the memory budget; file.*; AbortError
 */
export async function readPageRegion(
  page: PageAddress,
  rect: Rect,
  pool: DecodePool,
  signal: AbortSignal,
): Promise<Region> {
  const { samples, format } = page.table.layout;
  const length = rect.width * rect.height * samples;
  if (length * bytesPerSample(format.type) > limits.regionBytes)
    throw new MembranaError(
      'tiff.too-large',
      `A region of ${rect.width} × ${rect.height} pixels does not fit in memory at once.`,
      { hint: 'Work on a smaller part of the slice.', data: { file: page.file.name } },
    );
  const target: RegionTarget = { data: newPixels(format.type, length), rect, bad: [] };
  if (isDirect(page.table.layout)) await readDirect(page, target, signal);
  else await readBlocks(page, target, pool, signal);
  const { width, height } = rect;
  return {
    type: format.type,
    width,
    height,
    samples,
    data: target.data,
    bad: joinRows(target.bad),
  };
}
