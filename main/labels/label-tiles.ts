import { CONFIRMED_BIT, UNTOUCHED } from '#contract/label-byte';
import { applyTilePatch, type TilePatch } from '#contract/label-patch';
import { TILE_PIXELS } from '#contract/tiles';

export interface TileCounts {
  readonly painted: number;
  readonly confirmed: number;
}

/** A tile in memory. `frozen`: a checkpoint is writing these very bytes, so a change goes to a copy. */
export interface LabelTile {
  bytes: Uint8Array<ArrayBuffer>;
  dirty: boolean;
  frozen: boolean;
}

export function tileKey(z: number, tx: number, ty: number): string {
  return `${String(z)}/${String(ty)}/${String(tx)}`;
}

/** Painted and confirmed pixels among `count` label bytes from `start`. */
export function countLabels(bytes: Uint8Array, start = 0, count = bytes.length): TileCounts {
  let painted = 0;
  let confirmed = 0;
  // By index: iterating a typed array takes ten times as long.
  for (let i = start; i < start + count; i += 1) {
    const label = bytes[i] ?? 0;
    if (label >= CONFIRMED_BIT) confirmed += 1;
    else if (label !== UNTOUCHED) painted += 1;
  }
  return { painted, confirmed };
}

function countRuns(bytes: Uint8Array, runs: Uint32Array): TileCounts {
  let painted = 0;
  let confirmed = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const counts = countLabels(bytes, runs[i], runs[i + 1]);
    painted += counts.painted;
    confirmed += counts.confirmed;
  }
  return { painted, confirmed };
}

/**
 * Label tiles in memory under a budget in bytes: changed ones stay until a
 * checkpoint has them, unchanged ones go when others need the room, the least
 * recently used first.
 */
export class LabelTiles {
  private readonly tiles = new Map<string, LabelTile>();

  constructor(private readonly budgetBytes: number) {}

  get(key: string): LabelTile | null {
    const tile = this.tiles.get(key);
    if (!tile) return null;
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile;
  }

  /** Keeps `bytes` as the tile that the disk holds too. */
  put(key: string, bytes: Uint8Array<ArrayBuffer>): LabelTile {
    const tile: LabelTile = { bytes, dirty: false, frozen: false };
    this.tiles.set(key, tile);
    this.evict(key);
    return tile;
  }

  /** Applies a tile's part of a patch; returns how many more pixels are painted and confirmed. */
  apply(tile: LabelTile, patch: TilePatch): TileCounts {
    if (tile.frozen) {
      tile.bytes = tile.bytes.slice();
      tile.frozen = false;
    }
    const before = countRuns(tile.bytes, patch.runs);
    applyTilePatch(tile.bytes, patch);
    tile.dirty = true;
    const after = countRuns(tile.bytes, patch.runs);
    return {
      painted: after.painted - before.painted,
      confirmed: after.confirmed - before.confirmed,
    };
  }

  dirtyBytes(): number {
    let bytes = 0;
    for (const tile of this.tiles.values()) if (tile.dirty) bytes += TILE_PIXELS;
    return bytes;
  }

  /** Freezes the changed tiles: their bytes stay as they are now, for a checkpoint. */
  freezeDirty(): Map<string, Uint8Array> {
    const frozen = new Map<string, Uint8Array>();
    for (const [key, tile] of this.tiles) {
      if (!tile.dirty) continue;
      tile.dirty = false;
      tile.frozen = true;
      frozen.set(key, tile.bytes);
    }
    return frozen;
  }

  /** Ends a checkpoint; one that failed leaves its tiles changed. */
  thaw(frozen: ReadonlyMap<string, Uint8Array>, written: boolean): void {
    for (const key of frozen.keys()) {
      const tile = this.tiles.get(key);
      if (!tile) continue;
      tile.frozen = false;
      if (!written) tile.dirty = true;
    }
    this.evict();
  }

  private evict(keep = ''): void {
    const most = Math.max(1, Math.floor(this.budgetBytes / TILE_PIXELS));
    let excess = this.tiles.size - most;
    for (const [key, tile] of this.tiles) {
      if (excess <= 0) return;
      if (tile.dirty || tile.frozen || key === keep) continue;
      this.tiles.delete(key);
      excess -= 1;
    }
  }
}
