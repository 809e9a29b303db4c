import type { LayerElement } from '#contract/entities';
import type { StackExtent } from '#contract/planes';
import {
  intersect,
  TILE_SIZE,
  tileRect,
  tilesIn,
  type Rect,
  type TileAddress,
} from '#contract/tiles';
import type { Region } from '#main/stacks/stack-source';
import { halveIds } from '#volume/halve-ids';
import { newVoxels, type VoxelArray } from '#volume/voxel-edit';
import type { SlabSource } from './slab-source';

/** Planes read at once: a compressed tile is opened for any part of it, and 16 lines of it are worth keeping. */
const BAND = { xz: 16, yz: 16 } as const;

export interface TileSlabsOptions extends Pick<SlabSource, 'halve'> {
  readonly extent: StackExtent;
  readonly type: LayerElement;
  readonly edition: (z: number) => number;
  /** TILE_SIZE² voxels of a full-size tile; null = the slice has nothing there. */
  readonly tile: (z: number, tile: TileAddress, signal: AbortSignal) => Promise<VoxelArray | null>;
}

/** Slabs of a layer that is kept in tiles. */
export function tileSlabs(options: TileSlabsOptions): SlabSource {
  const { extent, type, edition, tile, halve } = options;
  const { width, height } = extent;
  return {
    ...{ extent, type, edition },
    band: BAND,
    ...(halve ? { halve } : {}),
    read: async (z, rect, signal) => {
      const data = newVoxels(type, rect.width * rect.height);
      let found = false;
      for (const address of tilesIn(rect, width, height)) {
        const voxels = await tile(z, address, signal);
        if (voxels === null) continue;
        found = true;
        cut(voxels, tileRect(address, width, height), data, rect);
      }
      const { width: across, height: down } = rect;
      return found ? { type, width: across, height: down, samples: 1, data, bad: [] } : null;
    },
  };
}

/** Half of a region of ids: no mean can be taken of them. */
export function halveIdRegion(region: Region): Region {
  const { data, width, height } = region;
  if (!(data instanceof Uint16Array || data instanceof Uint32Array)) return region;
  const half = { width: Math.ceil(width / 2), height: Math.ceil(height / 2) };
  return { ...region, ...half, data: halveIds(data, width, height) };
}

/** Copies the part of a tile, which lies at `place`, that `rect` has. */
function cut(tile: VoxelArray, place: Rect, data: VoxelArray, rect: Rect): void {
  const part = intersect(place, rect);
  if (!part) return;
  for (let y = part.y; y < part.y + part.height; y += 1) {
    const from = (y - place.y) * TILE_SIZE + part.x - place.x;
    data.set(tile.subarray(from, from + part.width), (y - rect.y) * rect.width + part.x - rect.x);
  }
}
