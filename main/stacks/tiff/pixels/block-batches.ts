import { bytesPerSample } from '#volume/pixel-array';
import type { Block } from './block-problem';
import type { BlockPlace } from './block-table';
import type { PageLayout } from './page-layout';

export interface StoredBlock extends Block {
  readonly place: Extract<BlockPlace, { kind: 'stored' }>;
}

const MiB = 2 ** 20;
/** One batch for a decoder: large enough to make its message cheap, small enough to cancel. */
const DECODED_BYTES = 4 * MiB;
const SPAN_BYTES = 8 * MiB;
const MOST_BLOCKS = 4096;
/** Bytes between two blocks that are cheaper to read than to skip. */
const GAP_BYTES = 65_536;

/** Groups blocks that lie close together in the file, so that one read serves many. */
export function batchesOf(blocks: readonly StoredBlock[], layout: PageLayout): StoredBlock[][] {
  const sorted = [...blocks].sort((a, b) => a.place.at - b.place.at);
  const rowBytes = layout.blockWidth * layout.samplesPerBlock * bytesPerSample(layout.format.type);
  const batches: StoredBlock[][] = [];
  let batch: StoredBlock[] = [];
  let start = 0;
  let end = 0;
  let decoded = 0;
  for (const block of sorted) {
    const { at, length } = block.place;
    const size = rowBytes * block.rect.height;
    const joins =
      batch.length > 0 &&
      batch.length < MOST_BLOCKS &&
      at - end <= GAP_BYTES &&
      Math.max(end, at + length) - start <= SPAN_BYTES &&
      decoded + size <= DECODED_BYTES;
    if (!joins) {
      batch = [];
      batches.push(batch);
      start = at;
      end = at;
      decoded = 0;
    }
    batch.push(block);
    end = Math.max(end, at + length);
    decoded += size;
  }
  return batches;
}
