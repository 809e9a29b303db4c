import { readSync } from 'node:fs';
import { endianness } from 'node:os';
import { intersect, type TileBlock } from '#contract/tiles';
import { bytesOf, bytesPerSample, copyRows, newPixels, pixelsOn } from '#volume/pixel-array';
import { halveRegion } from '../halve-region';
import type { Region } from '../stack-source';
import { decodeBlock } from '../tiff/decode-block';
import { swapBytes } from '../tiff/pixels/unpack-samples';
import { Scratch } from './scratch';
import type { StoredLayout, StoredPixels } from './stored-pixels';
import { wireBlock, type WireBlock } from './wire-block';

/** Stored pixels that are wanted as tiles of a level: halved so often. */
export interface StoredRequest {
  readonly stored: StoredPixels;
  readonly halvings: number;
  readonly tiles: Pick<TileBlock, 'across' | 'down'>;
}

/** Pixels that are as they are stored are read and halved in bands of about this size, which stay in a core's cache. */
const BAND_BYTES = 512 * 1024;

/** Rows are read whole and cut up to so many times what is wanted of them, else one by one. */
const MOST_OF_A_ROW = 4;

const pixelScratch = new Scratch();
const rowScratch = new Scratch();

/**
 * Reads, decodes and halves on the calling thread. Null where anything at all is
 * wrong: whoever asked reads the slowly found truth about it in another way.
 */
export async function decodeStored({
  stored,
  halvings,
  tiles,
}: StoredRequest): Promise<WireBlock | null> {
  const { layout } = stored;
  const level =
    layout.kind === 'rows'
      ? reduceRows(stored, layout, halvings)
      : await reduceBlocks(stored, layout, halvings);
  return level === null ? null : wireBlock(level, tiles);
}

/** `region` halved so often. */
export function halved(region: Region, halvings: number): Region {
  let level = region;
  for (let time = 0; time < halvings; time += 1) level = halveRegion(level);
  return level;
}

function reduceRows(
  stored: StoredPixels,
  layout: Extract<StoredLayout, { kind: 'rows' }>,
  halvings: number,
): Region | null {
  const { type, width, height } = stored;
  const size = bytesPerSample(type);
  const rowBytes = width * size;
  const step = 2 ** halvings;
  const bandRows = step * Math.max(1, Math.floor(BAND_BYTES / (rowBytes * step)));
  const across = Math.ceil(width / step);
  const data = newPixels(type, across * Math.ceil(height / step));
  const scratch = pixelScratch.take(halvings === 0 ? 0 : bandRows * rowBytes);
  try {
    for (let top = 0; top < height; top += bandRows) {
      const rows = Math.min(bandRows, height - top);
      const into =
        halvings === 0
          ? bytesOf(data).subarray(top * rowBytes, (top + rows) * rowBytes)
          : new Uint8Array(scratch, 0, rows * rowBytes);
      if (!readRows(stored.file, layout, top, rows, rowBytes, into)) return null;
      if (layout.bigEndian !== (endianness() === 'BE')) swapBytes(into, size);
      if (halvings === 0) continue;
      const pixels = pixelsOn(type, into.buffer, 0, rows * width);
      const band = { type, samples: 1, width, height: rows, data: pixels, bad: [] };
      const to = (top / step) * across * size;
      bytesOf(data).set(bytesOf(halved(band, halvings).data), to);
    }
  } finally {
    pixelScratch.give(scratch);
  }
  return { type, samples: 1, width: across, height: Math.ceil(height / step), data, bad: [] };
}

/** Rows `top … top + rows − 1` of the rectangle, one after the other; false where the file has fewer. */
function readRows(
  file: number,
  { stride, left, runs }: Extract<StoredLayout, { kind: 'rows' }>,
  top: number,
  rows: number,
  rowBytes: number,
  into: Uint8Array,
): boolean {
  for (const run of runs) {
    const first = Math.max(run.row, top);
    const count = Math.min(run.row + run.rows, top + rows) - first;
    if (count <= 0) continue;
    const at = run.at + (first - run.row) * stride;
    const to = (first - top) * rowBytes;
    if (rowBytes === stride) {
      if (!readFully(file, into.subarray(to, to + count * stride), at)) return false;
      continue;
    }
    if (stride > MOST_OF_A_ROW * rowBytes) {
      for (let row = 0; row < count; row += 1) {
        const part = into.subarray(to + row * rowBytes, to + (row + 1) * rowBytes);
        if (!readFully(file, part, at + left + row * stride)) return false;
      }
      continue;
    }
    // The last row ends with what is wanted of it.
    const span = (count - 1) * stride + rowBytes;
    const scratch = rowScratch.take(span);
    const whole = new Uint8Array(scratch, 0, span);
    const read = readFully(file, whole, at + left);
    if (read) copyRows(whole, stride, 0, into, rowBytes, to, rowBytes, count);
    rowScratch.give(scratch);
    if (!read) return false;
  }
  return true;
}

async function reduceBlocks(
  stored: StoredPixels,
  layout: Extract<StoredLayout, { kind: 'blocks' }>,
  halvings: number,
): Promise<Region | null> {
  const { type, width, height } = stored;
  const bytes = width * height * bytesPerSample(type);
  // What is not halved goes on as it is, and so can't lie in memory that is used again.
  const pixels = halvings === 0 ? new ArrayBuffer(bytes) : pixelScratch.take(bytes);
  try {
    if (!(await placeBlocks(stored, layout, new Uint8Array(pixels, 0, bytes)))) return null;
    const data = pixelsOn(type, pixels, 0, width * height);
    return halved({ type, samples: 1, width, height, data, bad: [] }, halvings);
  } finally {
    if (halvings > 0) pixelScratch.give(pixels);
  }
}

/** Decodes blocks into a rectangle; false where one can't be had whole. */
async function placeBlocks(
  { file, type, width, height }: StoredPixels,
  { codec, blockWidth, blocks }: Extract<StoredLayout, { kind: 'blocks' }>,
  into: Uint8Array,
): Promise<boolean> {
  const size = bytesPerSample(type);
  const rect = { x: 0, y: 0, width, height };
  const encoded = rowScratch.take(Math.max(0, ...blocks.map(({ length }) => length)));
  try {
    for (const { at, length, x, y, rows } of blocks) {
      if (!readFully(file, new Uint8Array(encoded, 0, length), at)) return false;
      const request = { bytes: encoded, codec };
      const { good, outcome } = await decodeBlock(request, { start: 0, length, rows });
      if (good === null || outcome.kind !== 'ok') return false;
      const seen = intersect({ x, y, width: blockWidth, height: rows }, rect);
      if (seen === null) continue;
      const from = ((seen.y - y) * blockWidth + seen.x - x) * size;
      const to = (seen.y * width + seen.x) * size;
      const [across, stride] = [seen.width * size, width * size];
      copyRows(bytesOf(good), blockWidth * size, from, into, stride, to, across, seen.height);
    }
    return true;
  } finally {
    rowScratch.give(encoded);
  }
}

function readFully(file: number, into: Uint8Array, at: number): boolean {
  for (let done = 0; done < into.byteLength;) {
    const count = readSync(file, into, done, into.byteLength - done, at + done);
    if (count === 0) return false;
    done += count;
  }
  return true;
}
