import { setImmediate } from 'node:timers/promises';
import type { StackExtent } from '#contract/planes';
import { MembranaError } from '#contract/errors';
import { levelCount, sizeAtLevel, TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import type { LabelStore } from '#main/labels/label-store';
import { ChunkCache } from '#volume/chunk-cache';
import { halveIds } from '#volume/halve-ids';
import { newVoxels, type VoxelArray } from '#volume/voxel-edit';

/** Reduced tiles kept: a slice of 8192² and what lies beside it. */
const CACHE_BYTES = 48 * 2 ** 20;
const HALF = TILE_SIZE / 2;

interface Kept {
  readonly ids: VoxelArray | null;
  readonly bytes: number;
}

/** Where a tile of ids lies. */
export interface IdTileAddress {
  readonly z: number;
  readonly level: number;
  readonly tx: number;
  readonly ty: number;
}

/** Tiles of layers of ids, at any level. */
export class IdTiles {
  private readonly reduced = new ChunkCache<Kept>(CACHE_BYTES);

  /**
   * TILE_SIZE² ids in the layer's element; null = no cell is there. `scope` tells projects apart.
   * @throws MembranaError stack.slice-out-of-range, file.unreadable; AbortError
   */
  async tile(
    labels: LabelStore,
    { width, height, depth }: StackExtent,
    scope: string,
    at: IdTileAddress,
    signal: AbortSignal,
  ): Promise<VoxelArray | null> {
    const inside =
      at.z < depth &&
      at.level < levelCount(width, height) &&
      at.tx < tileCount(sizeAtLevel(width, at.level)) &&
      at.ty < tileCount(sizeAtLevel(height, at.level));
    if (inside) return this.read(labels, scope, at, signal);
    throw new MembranaError('stack.slice-out-of-range', 'That tile is not in this stack.', {
      hint: `The stack has ${String(depth)} slices of ${String(width)} × ${String(height)} pixels.`,
      data: { slice: at.z, level: at.level },
    });
  }

  private async read(
    labels: LabelStore,
    scope: string,
    { z, level, tx, ty }: IdTileAddress,
    signal: AbortSignal,
  ): Promise<VoxelArray | null> {
    signal.throwIfAborted();
    if (level === 0) return labels.voxels(z, tx, ty);
    const { stack, layer } = labels.key;
    const key = [scope, stack, layer, labels.changedAt(z), z, level, tx, ty].join('/');
    const known = this.reduced.get(key);
    if (known) return known.ids;
    let ids: VoxelArray | null = null;
    for (let i = 0; i < 4; i += 1) {
      const [right, down] = [i & 1, i >> 1];
      const below = { z, level: level - 1, tx: tx * 2 + right, ty: ty * 2 + down };
      const child = await this.read(labels, scope, below, signal);
      if (child === null) continue;
      ids ??= newVoxels(labels.element, TILE_PIXELS);
      const half = halveIds(child, TILE_SIZE, TILE_SIZE);
      for (let y = 0; y < HALF; y += 1)
        ids.set(
          half.subarray(y * HALF, (y + 1) * HALF),
          (down * HALF + y) * TILE_SIZE + right * HALF,
        );
      await setImmediate();
    }
    this.reduced.set(key, { ids, bytes: ids?.byteLength ?? 64 });
    return ids;
  }
}
