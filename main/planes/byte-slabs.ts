import type { StackExtent } from '#contract/planes';
import {
  intersect,
  TILE_SIZE,
  tileRect,
  tilesIn,
  type Rect,
  type TileAddress,
} from '#contract/tiles';
import type { SlabSource } from './slab-source';

/** Planes read at once: a compressed tile is opened for any part of it, and 16 lines of it are worth keeping. */
const BAND = { xz: 16, yz: 16 } as const;

export interface ByteSlabsOptions {
  readonly extent: StackExtent;
  readonly edition: (z: number) => number;
  /** TILE_SIZE² bytes of a full-size tile; null = the slice has nothing there. */
  readonly tile: (z: number, tile: TileAddress, signal: AbortSignal) => Promise<Uint8Array | null>;
}

/** Slabs of a layer that has one byte a voxel and is kept in tiles. */
export function byteSlabs({ extent, edition, tile }: ByteSlabsOptions): SlabSource {
  const { width, height } = extent;
  return {
    extent,
    type: 'uint8',
    band: BAND,
    edition,
    read: async (z, rect, signal) => {
      const data = new Uint8Array(rect.width * rect.height);
      let found = false;
      for (const address of tilesIn(rect, width, height)) {
        const bytes = await tile(z, address, signal);
        if (bytes === null) continue;
        found = true;
        cut(bytes, tileRect(address, width, height), data, rect);
      }
      const { width: across, height: down } = rect;
      return found
        ? { type: 'uint8', width: across, height: down, samples: 1, data, bad: [] }
        : null;
    },
  };
}

/** Copies the part of a tile, which lies at `place`, that `rect` has. */
function cut(tile: Uint8Array, place: Rect, data: Uint8Array, rect: Rect): void {
  const part = intersect(place, rect);
  if (!part) return;
  for (let y = part.y; y < part.y + part.height; y += 1) {
    const from = (y - place.y) * TILE_SIZE + part.x - place.x;
    data.set(tile.subarray(from, from + part.width), (y - rect.y) * rect.width + part.x - rect.x);
  }
}
