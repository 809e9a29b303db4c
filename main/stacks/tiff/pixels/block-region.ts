import { setImmediate } from 'node:timers/promises';
import { intersect } from '#contract/tiles';
import type { DecodePool } from '../../decode-pool';
import {
  bytesOf,
  bytesPerSample,
  copyRows,
  interleave,
  type PixelArray,
} from '#volume/pixel-array';
import { badPart, type Block, blockProblem, type BlockProblem, truncated } from './block-problem';
import { batchesOf, type StoredBlock } from './block-batches';
import type { BlockCodec } from './block-codec';
import type { BlockOutcome } from '../decode-block';
import { blocksIn, type PageAddress } from './page-blocks';
import { isInverted, type PageLayout, photometricYCbCr } from './page-layout';
import type { RegionTarget } from './region-target';

/** Longest time that copying keeps the thread, in milliseconds. */
const COPY_MS = 5;

/** Reads a region through whole strips or tiles and their decoder, a batch of neighbours at a time. */
export async function readBlocks(
  page: PageAddress,
  target: RegionTarget,
  pool: DecodePool,
  signal: AbortSignal,
): Promise<void> {
  const { layout } = page.table;
  const stored: StoredBlock[] = [];
  for await (const blocks of blocksIn(page, target.rect)) {
    for (const block of blocks) {
      const problem = blockProblem(block, layout);
      const { place } = block;
      // An uncompressed block that is cut still has good rows; its decoder tells which.
      if (place.kind === 'stored' && (problem === null || layout.compression === 1))
        stored.push({ ...block, place });
      else if (problem !== null) note(problem, block, layout, target);
    }
  }
  const codec = blockCodec(layout, page.bigEndian);
  const batches = batchesOf(stored, layout).values();
  const lane = async (): Promise<void> => {
    for (const batch of batches) await readBatch(page, codec, batch, target, pool, signal);
  };
  // One lane more than decoders, so that reading and decoding overlap.
  await Promise.all(Array.from({ length: pool.size + 1 }, lane));
}

async function readBatch(
  { file, table: { layout } }: PageAddress,
  codec: BlockCodec,
  batch: readonly StoredBlock[],
  target: RegionTarget,
  pool: DecodePool,
  signal: AbortSignal,
): Promise<void> {
  let start = Infinity;
  let end = 0;
  for (const { place } of batch) {
    start = Math.min(start, place.at);
    end = Math.max(end, place.at + place.length);
  }
  const bytes = await file.read(start, end - start, signal);
  const blocks = batch.map(({ place, rect }) => ({
    start: place.at - start,
    length: place.length,
    rows: rect.height,
  }));
  const { pixels, outcomes } = await pool.decode({ bytes: bytes.buffer, codec, blocks }, signal);
  let sliceEnd = performance.now() + COPY_MS;
  let from = 0;
  for (const [index, block] of batch.entries()) {
    const outcome = outcomes[index] ?? { kind: 'corrupt', reason: 'it was not decoded' };
    const problem = outcomeProblem(outcome, block);
    if (problem !== null) note(problem, block, layout, target);
    if (outcome.kind !== 'corrupt') placeBlock(block, pixels, from, layout, target);
    from += block.rect.height * layout.blockWidth * layout.samplesPerBlock;
    if (performance.now() > sliceEnd) {
      await setImmediate();
      sliceEnd = performance.now() + COPY_MS;
    }
  }
}

function outcomeProblem(outcome: BlockOutcome, block: StoredBlock): BlockProblem | null {
  switch (outcome.kind) {
    case 'ok':
      return null;
    case 'truncated':
      return truncated(block, outcome.rows);
    case 'corrupt':
      return block.place.cut
        ? { from: 0, state: 'truncated', reason: 'the file ends within it' }
        : { from: 0, state: 'corrupt', reason: outcome.reason };
  }
}

function note(
  problem: BlockProblem,
  block: Block,
  layout: PageLayout,
  { rect, bad }: RegionTarget,
): void {
  const part = badPart(problem, block, layout, rect);
  if (part !== null) bad.push(part);
}

/** Copies the part of a decoded block that the region shows; `from` is its first sample in `pixels`. */
function placeBlock(
  block: Block,
  pixels: PixelArray,
  from: number,
  layout: PageLayout,
  { rect, data }: RegionTarget,
): void {
  const seen = intersect(block.rect, rect);
  if (seen === null) return;
  const { blockWidth, samplesPerBlock, samples } = layout;
  const inBlock = (seen.y - block.rect.y) * blockWidth + seen.x - block.rect.x;
  const inRegion = (seen.y - rect.y) * rect.width + seen.x - rect.x;
  if (samplesPerBlock === samples) {
    const size = samples * bytesPerSample(layout.format.type);
    copyRows(
      bytesOf(pixels),
      blockWidth * size,
      bytesPerSample(layout.format.type) * from + inBlock * size,
      bytesOf(data),
      rect.width * size,
      inRegion * size,
      seen.width * size,
      seen.height,
    );
    return;
  }
  for (let row = 0; row < seen.height; row += 1) {
    const source = from + inBlock + row * blockWidth;
    const to = (inRegion + row * rect.width) * samples + block.plane;
    interleave(pixels, source, data, to, samples, seen.width);
  }
}

/** What a decoder has to know of the blocks of a page. */
export function blockCodec(layout: PageLayout, bigEndian: boolean): BlockCodec {
  const { samplesPerBlock, compression } = layout;
  return {
    compression,
    packing: {
      format: layout.format,
      bigEndian,
      predictor: layout.predictor,
      rowLength: layout.blockWidth * samplesPerBlock,
      samplesPerPixel: samplesPerBlock,
      invert: isInverted(layout),
    },
    reverseBits: layout.reverseBits,
    jpegTables: layout.jpegTables,
    yCbCr: layout.photometric === photometricYCbCr,
  };
}
