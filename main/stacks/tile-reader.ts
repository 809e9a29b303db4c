import { setMaxListeners } from 'node:events';
import { MembranaError } from '#contract/errors';
import {
  levelCount,
  sizeAtLevel,
  TILE_SIZE,
  tileCount,
  tileRect,
  tilesIn,
  type Rect,
} from '#contract/tiles';
import { cutRegion } from './cut-region';
import { readGrey } from './grey-region';
import { halveRegion } from './halve-region';
import { bytesPerSample } from '#volume/pixel-array';
import { halvedTile } from './pyramid';
import { assertSlice, type Region, type StackSource } from './stack-source';
import type { Sized, ChunkCache } from '#volume/chunk-cache';

/** A cached tile: one value a pixel, in the stack's own type, clipped to the slice. */
export interface CachedTile extends Sized {
  readonly region: Region;
}

/** Budget of the tiles that all open stacks share: some 2,000 8-bit tiles. */
export const TILE_CACHE_BYTES = 512 * 2 ** 20;
/** Compressed blocks are cut into tiles at once up to this size; beyond it they are decoded again for each tile. */
const UNIT_BYTES = 256 * 2 ** 20;

/**
 * Tiles of a stack for the view. Level 0 is native, each level above half the
 * size of the one below: as the source has it, or made when first asked for.
 */
export class TileReader {
  private readonly tilesUnderWay = new Map<string, Promise<Region>>();
  private readonly unitsUnderWay = new Map<string, Promise<Map<string, Region>>>();
  private readonly closing = new AbortController();

  /** `key` tells this stack's tiles from others in the shared cache; it must change when the file does. */
  constructor(
    private readonly source: StackSource,
    private readonly cache: ChunkCache<CachedTile>,
    private readonly key: string,
  ) {
    // Every batch on its way listens for the end; there may be many.
    setMaxListeners(0, this.closing.signal);
  }

  /** Levels run from 0 to `levels − 1`; the last fits in one tile. */
  get levels(): number {
    return levelCount(this.source.info.width, this.source.info.height);
  }

  /**
   * The tile (tx, ty) of a level, clipped to the slice.
   * @throws MembranaError stack.slice-out-of-range (also for tiles and levels that don't exist), file.*; AbortError
   */
  async tile(
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Region> {
    signal.throwIfAborted();
    this.assertTile(z, level, tx, ty);
    const work = this.cached(z, level, tx, ty);
    return new Promise((resolve, reject) => {
      // Work is shared by everyone who waits for the same block: leaving does not stop it.
      const leave = (): void => {
        reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
      };
      signal.addEventListener('abort', leave, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Stops what is being read; the source stays the caller's to close. */
  close(): void {
    this.closing.abort();
  }

  private async cached(z: number, level: number, tx: number, ty: number): Promise<Region> {
    const key = this.tileKey(z, level, tx, ty);
    const known = this.cache.get(key);
    if (known !== undefined) return known.region;
    if (level > 0)
      return once(this.tilesUnderWay, key, async () => {
        if (this.source.levels.includes(level)) {
          const { width, height } = this.source.info;
          const rect = tileRect({ tx, ty }, sizeAtLevel(width, level), sizeAtLevel(height, level));
          return this.keep(key, await readGrey(this.source, z, rect, level, this.closing.signal));
        }
        const direct = level === 1 ? this.directRect(z, tx, ty) : null;
        if (direct !== null) {
          const region = await readGrey(this.source, z, direct, 0, this.closing.signal);
          return this.keep(key, halveRegion(region));
        }
        const below = (x: number, y: number): Promise<Region> => this.cached(z, level - 1, x, y);
        return this.keep(key, await halvedTile(this.source.info, level, tx, ty, below));
      });
    const unit = this.unitOf(tx, ty);
    const tiles = await once(
      this.unitsUnderWay,
      `${this.key}/${z}/unit/${unit.x}/${unit.y}/${unit.width}`,
      () => this.readUnit(z, unit),
    );
    const found = tiles.get(key);
    if (found !== undefined) return found;
    const rect = tileRect({ tx, ty }, this.source.info.width, this.source.info.height);
    return this.keep(key, await readGrey(this.source, z, rect, 0, this.closing.signal));
  }

  /**
   * What a tile of level 1 covers, where it is best read at once: its four
   * tiles are not all here, and no block reaches beyond it. Cutting tiles that
   * nobody looks at took as long as reading and halving.
   */
  private directRect(z: number, tx: number, ty: number): Rect | null {
    const { width, height } = this.source.info;
    const unit = this.source.readUnit;
    const edge = 2 * TILE_SIZE;
    if (edge % unit.width !== 0 || edge % unit.height !== 0) return null;
    const rect = { x: tx * edge, y: ty * edge, width: edge, height: edge };
    const here = tilesIn(rect, width, height).every(
      (tile) => this.cache.get(this.tileKey(z, 0, tile.tx, tile.ty)) !== undefined,
    );
    return here ? null : rect;
  }

  /** The smallest rectangle of whole blocks and tiles' parts around a tile that is worth reading at once. */
  private unitOf(tx: number, ty: number): Rect {
    const { width, height, samples, type } = this.source.info;
    const tile = tileRect({ tx, ty }, width, height);
    const unit = this.source.readUnit;
    const x = Math.floor(tile.x / unit.width) * unit.width;
    const y = Math.floor(tile.y / unit.height) * unit.height;
    const right = Math.min(width, Math.ceil((tile.x + tile.width) / unit.width) * unit.width);
    const bottom = Math.min(height, Math.ceil((tile.y + tile.height) / unit.height) * unit.height);
    const rect = { x, y, width: right - x, height: bottom - y };
    const bytes = rect.width * rect.height * samples * bytesPerSample(type);
    return bytes <= UNIT_BYTES ? rect : tile;
  }

  /** Reads a unit and cuts every tile out of it that it holds completely. */
  private async readUnit(z: number, unit: Rect): Promise<Map<string, Region>> {
    const { width, height } = this.source.info;
    const region = await readGrey(this.source, z, unit, 0, this.closing.signal);
    const tiles = new Map<string, Region>();
    const firstX = Math.ceil(unit.x / TILE_SIZE);
    const firstY = Math.ceil(unit.y / TILE_SIZE);
    for (let ty = firstY; ty * TILE_SIZE < unit.y + unit.height; ty += 1) {
      for (let tx = firstX; tx * TILE_SIZE < unit.x + unit.width; tx += 1) {
        const rect = tileRect({ tx, ty }, width, height);
        const inside =
          rect.x + rect.width <= unit.x + unit.width &&
          rect.y + rect.height <= unit.y + unit.height;
        if (!inside) continue;
        const key = this.tileKey(z, 0, tx, ty);
        const part = { ...rect, x: rect.x - unit.x, y: rect.y - unit.y };
        tiles.set(key, this.keep(key, cutRegion(region, part)));
      }
    }
    return tiles;
  }

  private keep(key: string, region: Region): Region {
    this.cache.set(key, { region, bytes: region.data.byteLength });
    return region;
  }

  private tileKey(z: number, level: number, tx: number, ty: number): string {
    return `${this.key}/${z}/${level}/${tx}/${ty}`;
  }

  private assertTile(z: number, level: number, tx: number, ty: number): void {
    const { width, height } = this.source.info;
    assertSlice(this.source.info, z);
    const inside =
      [level, tx, ty].every((value) => Number.isInteger(value) && value >= 0) &&
      level < this.levels &&
      tx < tileCount(sizeAtLevel(width, level)) &&
      ty < tileCount(sizeAtLevel(height, level));
    if (inside) return;
    throw new MembranaError('stack.slice-out-of-range', 'The tile is not in this stack.', {
      hint: `Levels run from 0 to ${this.levels - 1}.`,
      data: { slice: z, level, tx, ty },
    });
  }
}

/** Runs `work` unless the same is on its way. */
function once<T>(
  underWay: Map<string, Promise<T>>,
  key: string,
  work: () => Promise<T>,
): Promise<T> {
  const running = underWay.get(key);
  if (running !== undefined) return running;
  const started = work().finally(() => underWay.delete(key));
  underWay.set(key, started);
  return started;
}
