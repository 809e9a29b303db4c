import { bytesPerSample, copyRows, bytesOf, newPixels, type PixelArray } from '#volume/pixel-array';
import type { Decoded } from './codecs/decoded';
import { decodeDeflate } from './codecs/inflate';
import { decodeJpeg } from './codecs/jpeg';
import { decodeLzw } from './codecs/lzw';
import { decodePackBits } from './codecs/packbits';
import { decodeZstd } from './codecs/zstd';
import type { BlockCodec } from './pixels/block-codec';
import { unpackSamples } from './pixels/unpack-samples';

/** One block of a batch: its bytes within the batch's buffer, and the rows it holds. */
export interface EncodedBlock {
  readonly start: number;
  readonly length: number;
  readonly rows: number;
}

export interface DecodeRequest {
  readonly bytes: ArrayBuffer;
  readonly codec: BlockCodec;
  readonly blocks: readonly EncodedBlock[];
}

export type BlockOutcome =
  | { readonly kind: 'ok' }
  /** The first `rows` rows are good. */
  | { readonly kind: 'truncated'; readonly rows: number }
  | { readonly kind: 'corrupt'; readonly reason: string };

/** Pixels of all blocks of a batch one after the other, rows that could not be decoded being 0. */
export interface DecodeAnswer {
  readonly pixels: PixelArray;
  readonly outcomes: readonly BlockOutcome[];
}

export interface DecodedBlock {
  /** The good rows; null where there are none. */
  readonly good: PixelArray | null;
  readonly outcome: BlockOutcome;
}

/** Decodes a batch of blocks; what is wrong with a block is told, never thrown. */
export async function decodeBatch(request: DecodeRequest): Promise<DecodeAnswer> {
  const { codec, blocks } = request;
  const { format, rowLength } = codec.packing;
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const pixels = newPixels(format.type, rows * rowLength);
  const to = bytesOf(pixels);
  const rowBytes = rowLength * bytesPerSample(format.type);
  const outcomes: BlockOutcome[] = [];
  let row = 0;
  let previous: { block: EncodedBlock; decoded: DecodedBlock } | null = null;
  for (const block of blocks) {
    // Some writers point many strips at one place, to save space.
    const same: boolean =
      previous?.block.start === block.start &&
      previous.block.length === block.length &&
      previous.block.rows === block.rows;
    const decoded: DecodedBlock =
      same && previous !== null ? previous.decoded : await decodeBlock(request, block);
    previous = { block, decoded };
    const { good, outcome } = decoded;
    outcomes.push(outcome);
    if (good !== null)
      copyRows(
        bytesOf(good),
        rowBytes,
        0,
        to,
        rowBytes,
        row * rowBytes,
        rowBytes,
        good.length / rowLength,
      );
    row += block.rows;
  }
  return { pixels, outcomes };
}

/** Decodes one block; what is wrong with it is told, never thrown. */
export async function decodeBlock(
  request: Pick<DecodeRequest, 'bytes' | 'codec'>,
  block: EncodedBlock,
): Promise<DecodedBlock> {
  const { codec } = request;
  const { packing } = codec;
  const packedRow = Math.ceil((packing.rowLength * packing.format.bits) / 8);
  const encoded = new Uint8Array(request.bytes, block.start, block.length);
  const bytes = codec.reverseBits ? reversedBits(encoded) : encoded;
  try {
    const { data, problem } = await decompress(bytes, packedRow, block.rows, codec);
    if (problem !== null) return { good: null, outcome: { kind: 'corrupt', reason: problem } };
    const rows = Math.floor(data.byteLength / packedRow);
    const whole = rows >= block.rows;
    const outcome: BlockOutcome = whole ? { kind: 'ok' } : { kind: 'truncated', rows };
    // Samples are changed in place: on a copy where the bytes may be shared with another block.
    const own =
      codec.compression === 1 ? data.slice(0, rows * packedRow) : plain(data, rows * packedRow);
    return { good: unpackSamples(own, packing), outcome };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { good: null, outcome: { kind: 'corrupt', reason } };
  }
}

function plain(data: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  return data.buffer instanceof ArrayBuffer
    ? new Uint8Array(data.buffer, data.byteOffset, length)
    : data.slice(0, length);
}

function decompress(
  encoded: Uint8Array,
  rowBytes: number,
  rows: number,
  codec: BlockCodec,
): Decoded | Promise<Decoded> {
  const expected = rowBytes * rows;
  switch (codec.compression) {
    case 1:
      return { data: encoded.subarray(0, expected), problem: null };
    case 5:
      return decodeLzw(encoded, expected);
    case 7:
      return decodeJpeg(encoded, rows, codec);
    case 8:
    case 32946:
      return decodeDeflate(encoded, expected);
    case 32773:
      return decodePackBits(encoded, expected);
    default:
      return decodeZstd(encoded, expected);
  }
}

/** A copy (blocks of a batch may share bytes) with the bits of each byte turned around (FillOrder 2). */
function reversedBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    const nibbles = ((byte & 0xf0) >> 4) | ((byte & 0x0f) << 4);
    const pairs = ((nibbles & 0xcc) >> 2) | ((nibbles & 0x33) << 2);
    return ((pairs & 0xaa) >> 1) | ((pairs & 0x55) << 1);
  });
}
