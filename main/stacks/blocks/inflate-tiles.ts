import { crc32, inflateSync } from 'node:zlib';
import { TILE_PIXELS } from '#contract/tiles';

/** zlib streams of tiles of bytes, each with its checksum, in one buffer. */
export interface TileStreams {
  readonly bytes: ArrayBuffer;
  readonly tiles: readonly {
    readonly start: number;
    readonly length: number;
    readonly crc: number;
  }[];
}

/** TILE_PIXELS bytes a tile, one after the other; null where a stream is damaged. */
export function inflateTiles({ bytes, tiles }: TileStreams): Uint8Array<ArrayBuffer> | null {
  const pixels = new Uint8Array(tiles.length * TILE_PIXELS);
  for (const [index, { start, length, crc }] of tiles.entries()) {
    if (start + length > bytes.byteLength) return null;
    const stream = new Uint8Array(bytes, start, length);
    if (crc32(stream) !== crc) return null;
    try {
      const tile = inflateSync(stream, { maxOutputLength: TILE_PIXELS, chunkSize: TILE_PIXELS });
      if (tile.length !== TILE_PIXELS) return null;
      pixels.set(tile, index * TILE_PIXELS);
    } catch {
      return null;
    }
  }
  return pixels;
}
