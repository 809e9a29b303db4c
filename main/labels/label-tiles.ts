import { CONFIRMED_BIT, UNTOUCHED } from '#contract/label-byte';
import { applyChunkEdit, type ChunkEdit, type VoxelArray } from '#volume/voxel-edit';

export interface TileCounts {
  readonly painted: number;
  readonly confirmed: number;
}

/** A tile in memory. `frozen`: a checkpoint is writing these very voxels, so a change goes to a copy. */
export interface LabelTile {
  voxels: VoxelArray;
  dirty: boolean;
  frozen: boolean;
}

export function tileKey(z: number, tx: number, ty: number): string {
  return `${String(z)}/${String(ty)}/${String(tx)}`;
}

/** Painted and confirmed voxels among `count` from `start`; an id other than 0 counts as painted. */
export function countLabels(
  voxels: Uint8Array | VoxelArray,
  start = 0,
  count = voxels.length,
): TileCounts {
  const confirmedFrom = voxels instanceof Uint8Array ? CONFIRMED_BIT : Infinity;
  let painted = 0;
  let confirmed = 0;
  // By index: iterating a typed array takes ten times as long.
  for (let i = start; i < start + count; i += 1) {
    const label = voxels[i] ?? 0;
    if (label >= confirmedFrom) confirmed += 1;
    else if (label !== UNTOUCHED) painted += 1;
  }
  return { painted, confirmed };
}

function countRuns(voxels: VoxelArray, runs: Uint32Array): TileCounts {
  let painted = 0;
  let confirmed = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const counts = countLabels(voxels, runs[i], runs[i + 1]);
    painted += counts.painted;
    confirmed += counts.confirmed;
  }
  return { painted, confirmed };
}

/**
 * Tiles of all layers in memory, by any name, under one budget in bytes:
 * changed ones stay until a checkpoint has them, unchanged ones go when others
 * need the room, the least recently used first.
 */
export class LabelTiles {
  private readonly tiles = new Map<string, LabelTile>();
  private bytes = 0;

  constructor(private readonly budgetBytes: number) {}

  get(name: string): LabelTile | null {
    const tile = this.tiles.get(name);
    if (!tile) return null;
    this.tiles.delete(name);
    this.tiles.set(name, tile);
    return tile;
  }

  /** Keeps `voxels` as the tile that the disk holds too. */
  put(name: string, voxels: VoxelArray): LabelTile {
    const tile: LabelTile = { voxels, dirty: false, frozen: false };
    this.bytes += voxels.byteLength - (this.tiles.get(name)?.voxels.byteLength ?? 0);
    this.tiles.set(name, tile);
    this.evict(name);
    return tile;
  }

  /** Applies a tile's part of an edit; returns how many more voxels are painted and confirmed. */
  apply(tile: LabelTile, edit: ChunkEdit): TileCounts {
    if (tile.frozen) {
      tile.voxels = tile.voxels.slice();
      tile.frozen = false;
    }
    const before = countRuns(tile.voxels, edit.runs);
    applyChunkEdit(tile.voxels, edit);
    tile.dirty = true;
    const after = countRuns(tile.voxels, edit.runs);
    return {
      painted: after.painted - before.painted,
      confirmed: after.confirmed - before.confirmed,
    };
  }

  dirtyBytes(): number {
    let bytes = 0;
    for (const tile of this.tiles.values()) if (tile.dirty) bytes += tile.voxels.byteLength;
    return bytes;
  }

  /** Freezes the changed tiles: their voxels stay as they are now, for a checkpoint. */
  freezeDirty(): Map<string, VoxelArray> {
    const frozen = new Map<string, VoxelArray>();
    for (const [name, tile] of this.tiles) {
      if (!tile.dirty) continue;
      tile.dirty = false;
      tile.frozen = true;
      frozen.set(name, tile.voxels);
    }
    return frozen;
  }

  /** Ends a checkpoint; one that failed leaves its tiles changed. */
  thaw(frozen: ReadonlyMap<string, VoxelArray>, written: boolean): void {
    for (const name of frozen.keys()) {
      const tile = this.tiles.get(name);
      if (!tile) continue;
      tile.frozen = false;
      if (!written) tile.dirty = true;
    }
    this.evict();
  }

  private evict(keep = ''): void {
    for (const [name, tile] of this.tiles) {
      if (this.bytes <= this.budgetBytes) return;
      if (tile.dirty || tile.frozen || name === keep) continue;
      this.tiles.delete(name);
      this.bytes -= tile.voxels.byteLength;
    }
  }
}
