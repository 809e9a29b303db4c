import { setImmediate } from 'node:timers/promises';
import type { BadBlock } from '#contract/entities';
import type { Rect } from '#contract/tiles';
import { bytesOf, bytesPerSample } from '#volume/pixel-array';
import { readRows } from '../../blocks/read-rows';
import { badPart, blockProblem } from './block-problem';
import { blocksIn, type PageAddress } from './page-blocks';
import { isInverted, packedRowBytes, type PageLayout } from './page-layout';
import type { RegionTarget } from './region-target';
import { isByteAligned } from '../container/sample-format';
import { swapBytes } from './unpack-samples';

/** Bytes that are turned around at a stretch. */
const BAND_BYTES = 8 * 2 ** 20;

/** Whether stored bytes are pixels as they are, but for byte order: most EM stacks. */
export function isDirect(layout: PageLayout): boolean {
  return (
    layout.compression === 1 &&
    !layout.tiled &&
    layout.samplesPerBlock === layout.samples &&
    isByteAligned(layout.format.bits) &&
    layout.format.type !== 'float16' &&
    !layout.reverseBits &&
    !isInverted(layout)
  );
}

/** What costs no more to read than a part of it: a pixel of plain ones, else a block. */
export function tiffReadUnit(layout: PageLayout): {
  readonly width: number;
  readonly height: number;
} {
  if (isDirect(layout)) return { width: 1, height: 1 };
  return { width: layout.blockWidth, height: layout.blockHeight };
}

/** Rows that follow each other in the file and in the region. */
interface Run {
  readonly at: number;
  /** First row, of the region. */
  readonly row: number;
  rows: number;
}

/** Rows of `rect` as they lie in the file, and what of it can't be had; rows that a sparse file leaves out are in neither. */
export async function directRows(
  page: PageAddress,
  rect: Rect,
): Promise<{ readonly runs: readonly Readonly<Run>[]; readonly bad: readonly BadBlock[] }> {
  const { layout } = page.table;
  const rowBytes = packedRowBytes(layout);
  const runs: Run[] = [];
  const bad: BadBlock[] = [];
  for await (const blocks of blocksIn(page, rect)) {
    for (const block of blocks) {
      const problem = blockProblem(block, layout);
      const part = problem === null ? null : badPart(problem, block, layout, rect);
      if (part !== null) bad.push(part);
      if (block.place.kind !== 'stored') continue;
      const top = block.rect.y;
      const from = Math.max(top, rect.y);
      const to = Math.min(top + (problem?.from ?? block.rect.height), rect.y + rect.height);
      if (to <= from) continue;
      const at = block.place.at + (from - top) * rowBytes;
      const run = runs.at(-1);
      if (
        run !== undefined &&
        at === run.at + run.rows * rowBytes &&
        from - rect.y === run.row + run.rows
      )
        run.rows += to - from;
      else runs.push({ at, row: from - rect.y, rows: to - from });
    }
  }
  return { runs, bad };
}

/** Reads strips of plain pixels; strips that follow each other in the file are one read. */
export async function readDirect(
  page: PageAddress,
  target: RegionTarget,
  signal: AbortSignal,
): Promise<void> {
  const { layout } = page.table;
  const { data } = target;
  const { runs, bad } = await directRows(page, target.rect);
  target.bad.push(...bad);
  for (const run of runs) await readRun(page, target, run, signal);
  if (page.bigEndian) await swapInBands(bytesOf(data), bytesPerSample(layout.format.type));
}

async function readRun(
  { file, table: { layout } }: PageAddress,
  { rect, data }: RegionTarget,
  { at, row, rows }: Readonly<Run>,
  signal: AbortSignal,
): Promise<void> {
  const pixelBytes = layout.samples * bytesPerSample(layout.format.type);
  const wanted = rect.width * pixelBytes;
  const lie = { at, rows, stride: layout.width * pixelBytes, left: rect.x * pixelBytes, wanted };
  await readRows(file, lie, bytesOf(data).subarray(row * wanted), signal);
}

/** Turns the byte order of values of 1, 2, 4 or 8 bytes around, in place, and lets others run meanwhile. */
export async function swapInBands(bytes: Uint8Array<ArrayBuffer>, size: number): Promise<void> {
  if (size === 1) return;
  for (let at = 0; at < bytes.byteLength; at += BAND_BYTES) {
    swapBytes(bytes.subarray(at, at + BAND_BYTES), size);
    if (at + BAND_BYTES < bytes.byteLength) await setImmediate();
  }
}
