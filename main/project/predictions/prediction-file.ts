import { promisify } from 'node:util';
import { crc32, deflate, inflate } from 'node:zlib';
import { z } from 'zod';
import { Conditioning, noConditioning } from '#contract/entities';
import { limits } from '#contract/limits';
import { levelCount, sizeAtLevel, tileCount, TILE_PIXELS, TILE_SIZE } from '#contract/tiles';

/*
 * The probability map of one slice in one file, so that it is replaced as a
 * whole: magic 'MPM1' (membrane) or 'MPM2' (another class, which the header
 * names), u32 header length, u32 CRC-32 of the header, header as JSON, then the
 * zlib streams of its tiles, all levels.
 */
const MAGIC = 0x314d504d;
const CLASS_MAGIC = 0x324d504d;
const PREFIX = 12;
const MAX_HEADER = 16 << 20;
const MAX_TILE = 2 * TILE_PIXELS;
/** A slice of 16k² pixels that does not compress, with its halves, is 400 MB. */
export const LARGEST_PREDICTION = 1 << 30;
/** Probabilities are noise to a compressor; higher levels cost time and gain nothing. */
const ZLIB_LEVEL = 1;

const deflateAsync = promisify(deflate);
const inflateAsync = promisify(inflate);
const count = z.int().nonnegative();

const TileIndex = z.object({
  level: count,
  tx: count,
  ty: count,
  offset: count,
  bytes: count.max(MAX_TILE),
  crc: count,
});
export type TileIndex = z.infer<typeof TileIndex>;

const PredictionHeader = z.object({
  model: z.string().max(limits.name),
  z: count,
  /** The class on the model's card; null = membrane. */
  class: z.int().min(1).max(126).nullable().default(null),
  width: z.int().positive().max(limits.edge),
  height: z.int().positive().max(limits.edge),
  /** What was done to the slice first; files from before it was kept: nothing. */
  conditioning: Conditioning.default(noConditioning),
  tiles: z.array(TileIndex).max(limits.tiles),
});
export type PredictionHeader = z.infer<typeof PredictionHeader>;

/** Halves a map by the mean of 2 × 2 pixels, rounded; an odd edge averages what is there. */
export function halve(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const halfWidth = Math.ceil(width / 2);
  const halfHeight = Math.ceil(height / 2);
  const out = new Uint8Array(halfWidth * halfHeight);
  for (let y = 0; y < halfHeight; y += 1) {
    const top = 2 * y * width;
    const bottom = Math.min(2 * y + 1, height - 1) * width;
    for (let x = 0; x < halfWidth; x += 1) {
      const left = 2 * x;
      const right = Math.min(left + 1, width - 1);
      const sum =
        (pixels[top + left] ?? 0) +
        (pixels[top + right] ?? 0) +
        (pixels[bottom + left] ?? 0) +
        (pixels[bottom + right] ?? 0);
      out[y * halfWidth + x] = (sum + 2) >> 2;
    }
  }
  return out;
}

function cutTile(
  pixels: Uint8Array,
  width: number,
  height: number,
  tx: number,
  ty: number,
): Uint8Array {
  const tile = new Uint8Array(TILE_PIXELS);
  const left = tx * TILE_SIZE;
  const right = Math.min(left + TILE_SIZE, width);
  const bottom = Math.min((ty + 1) * TILE_SIZE, height);
  for (let y = ty * TILE_SIZE; y < bottom; y += 1)
    tile.set(pixels.subarray(y * width + left, y * width + right), (y % TILE_SIZE) * TILE_SIZE);
  return tile;
}

/** The file of a slice's map, `probability` being width × height bytes. */
export async function encodePrediction(
  place: {
    readonly model: string;
    readonly z: number;
    readonly conditioning: Conditioning;
    /** null = membrane. */
    readonly class: number | null;
  },
  probability: Uint8Array,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const tiles: TileIndex[] = [];
  const streams: Uint8Array[] = [];
  let offset = 0;
  let pixels = probability;
  for (let level = 0; level < levelCount(width, height); level += 1) {
    const levelWidth = sizeAtLevel(width, level);
    const levelHeight = sizeAtLevel(height, level);
    if (level > 0)
      pixels = halve(pixels, sizeAtLevel(width, level - 1), sizeAtLevel(height, level - 1));
    for (let ty = 0; ty < tileCount(levelHeight); ty += 1)
      for (let tx = 0; tx < tileCount(levelWidth); tx += 1) {
        const stream = await deflateAsync(cutTile(pixels, levelWidth, levelHeight, tx, ty), {
          level: ZLIB_LEVEL,
        });
        tiles.push({ level, tx, ty, offset, bytes: stream.length, crc: crc32(stream) });
        streams.push(stream);
        offset += stream.length;
      }
  }
  const { class: own, ...rest } = place;
  const named = own === null ? rest : place;
  const header = new TextEncoder().encode(JSON.stringify({ ...named, width, height, tiles }));
  const prefix = new DataView(new ArrayBuffer(PREFIX));
  prefix.setUint32(0, own === null ? MAGIC : CLASS_MAGIC, true);
  prefix.setUint32(4, header.length, true);
  prefix.setUint32(8, crc32(header), true);
  return Buffer.concat([new Uint8Array(prefix.buffer), header, ...streams]);
}

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array<ArrayBuffer>>;

/** zlib streams of tiles in one buffer, to be inflated and checked by whoever has the time. */
export interface TileStreams {
  readonly bytes: ArrayBuffer;
  readonly tiles: readonly {
    readonly start: number;
    readonly length: number;
    readonly crc: number;
  }[];
}

export interface OpenPrediction {
  readonly header: PredictionHeader;
  /** Offset of the tile streams in the file. */
  readonly start: number;
}

/** Null when the file is not a whole, undamaged header. */
export async function readPredictionHeader(readAt: ReadAt): Promise<OpenPrediction | null> {
  const prefix = await readAt(0, PREFIX);
  if (prefix.length < PREFIX) return null;
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX);
  const length = view.getUint32(4, true);
  const magic = view.getUint32(0, true);
  if ((magic !== MAGIC && magic !== CLASS_MAGIC) || length > MAX_HEADER) return null;
  const bytes = await readAt(PREFIX, length);
  if (bytes.length !== length || crc32(bytes) !== view.getUint32(8, true)) return null;
  try {
    const header = PredictionHeader.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    if (!header.success || (header.data.class === null) !== (magic === MAGIC)) return null;
    return { header: header.data, start: PREFIX + length };
  } catch {
    return null;
  }
}

/** Streams further apart than this in the file are not read together; those of a level lie side by side. */
const MOST_BETWEEN = 8;

/** The streams of some tiles as they are stored, each with its checksum; null where the file ends before them. */
export async function readTileStreams(
  readAt: ReadAt,
  start: number,
  tiles: readonly TileIndex[],
): Promise<TileStreams | null> {
  const first = Math.min(...tiles.map(({ offset }) => offset));
  const end = Math.max(...tiles.map(({ offset, bytes }) => offset + bytes));
  const wanted = tiles.reduce((sum, { bytes }) => sum + bytes, 0);
  if (end - first > MOST_BETWEEN * wanted) return null;
  const bytes = await readAt(start + first, end - first);
  if (bytes.length !== end - first) return null;
  return {
    bytes: bytes.buffer,
    tiles: tiles.map(({ offset, bytes: length, crc }) => ({
      start: bytes.byteOffset + offset - first,
      length,
      crc,
    })),
  };
}

/** TILE_SIZE² bytes of a tile, or null when its checksum fails. */
export async function readPredictionTile(
  readAt: ReadAt,
  start: number,
  tile: TileIndex,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const stream = await readAt(start + tile.offset, tile.bytes);
  if (stream.length !== tile.bytes || crc32(stream) !== tile.crc) return null;
  try {
    const pixels = await inflateAsync(stream, { maxOutputLength: TILE_PIXELS });
    return pixels.length === TILE_PIXELS ? new Uint8Array(pixels) : null;
  } catch {
    return null;
  }
}
