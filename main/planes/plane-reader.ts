import { setMaxListeners } from 'node:events';
import { MembranaError } from '#contract/errors';
import { planeExtent, slicesOf, type PlaneAxis, type StackExtent } from '#contract/planes';
import { levelCount, sizeAtLevel, tileCount, tileRect, type Rect } from '#contract/tiles';
import { halvedTile } from '#main/stacks/pyramid';
import type { Region } from '#main/stacks/stack-source';
import type { ChunkCache, Sized } from '#volume/chunk-cache';
import { newPixels } from '#volume/pixel-array';
import { layLine, gapOf, joinGaps, type Gap } from './plane-lines';
import type { SlabSource } from './slab-source';

/** A rectangle of a slice that planes were read from; null = the slice has nothing there. */
export interface CachedSlab extends Sized {
  readonly region: Region | null;
}

/** Longest run of voxels along a plane that is read at once. */
const BLOCK = 4096;
/** Slices asked for at once: enough to keep a drive busy, few enough that a slice in view gets its turn. */
const AT_ONCE = 8;
/** A slab is short, and others may wait for it: nobody stops it. */
const shared = new AbortController().signal;
setMaxListeners(0, shared);
/** What a slab without anything counts for in the cache. */
const EMPTY_BYTES = 64;

/**
 * Tiles of planes, put together line by line out of slabs: `band` planes thick,
 * so that the next planes are here when they are asked for.
 */
export class PlaneReader {
  private readonly underWay = new Map<string, Promise<Region | null>>();

  /** `key` tells this layer's slabs from others in the shared cache. */
  constructor(
    private readonly source: SlabSource,
    private readonly cache: ChunkCache<CachedSlab>,
    private readonly key: string,
  ) {}

  /**
   * Tile (tx, ty) of a level of plane `index`, clipped to the plane; null =
   * none of its slices has anything there. Slices that have nothing are 0.
   * @throws MembranaError stack.slice-out-of-range (also for tiles and levels that don't exist), file.*; AbortError
   */
  async tile(
    axis: PlaneAxis,
    index: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Region | null> {
    const plane = planeExtent(axis, this.source.extent);
    assertTile(plane, index, level, tx, ty);
    if (level === 0)
      return this.native(axis, index, tileRect({ tx, ty }, plane.width, plane.height), signal);
    const seen = { any: false };
    const info = { ...plane, type: this.source.type };
    const below = async (x: number, y: number): Promise<Region> => {
      const found = await this.tile(axis, index, level - 1, x, y, signal);
      seen.any ||= found !== null;
      const [width, height] = [
        sizeAtLevel(plane.width, level - 1),
        sizeAtLevel(plane.height, level - 1),
      ];
      return found ?? this.blank(tileRect({ tx: x, ty: y }, width, height));
    };
    const tile = await halvedTile(info, level, tx, ty, below, this.source.halve);
    return seen.any ? tile : null;
  }

  private blank({ width, height }: Pick<Rect, 'width' | 'height'>): Region {
    const { type } = this.source;
    return { type, width, height, samples: 1, data: newPixels(type, width * height), bad: [] };
  }

  /** `rect` of plane `index` at full size. */
  private async native(
    axis: PlaneAxis,
    index: number,
    rect: Rect,
    signal: AbortSignal,
  ): Promise<Region | null> {
    const out = this.blank(rect);
    const gaps: Gap[] = [];
    const seen = { any: false };
    const blocks = this.slabRects(axis, index, rect);
    const { first, end } = slicesOf(axis, rect);
    let next = first;
    const work = async (): Promise<void> => {
      while (next < end) {
        const z = next;
        next += 1;
        for (const slab of blocks) {
          signal.throwIfAborted();
          const region = await this.slab(axis, z, slab);
          if (region === null) continue;
          seen.any = true;
          layLine(axis, { index, rect, out }, { z, slab, region });
          for (const block of region.bad) {
            const gap = gapOf(axis, { index, rect }, { z, slab, block });
            if (gap) gaps.push(gap);
          }
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, end - first) }, work));
    } finally {
      // After a failure nobody reads on.
      next = end;
    }
    return seen.any ? { ...out, bad: joinGaps(axis, gaps) } : null;
  }

  /** The slabs of a slice that hold a line of the plane: the same places for all slices. */
  private slabRects(axis: PlaneAxis, index: number, rect: Rect): Rect[] {
    const { width, height } = this.source.extent;
    const band = this.source.band[axis];
    const start = Math.floor(index / band) * band;
    const [from, length, whole] =
      axis === 'xz' ? [rect.x, rect.width, width] : [rect.y, rect.height, height];
    const rects: Rect[] = [];
    for (let at = Math.floor(from / BLOCK) * BLOCK; at < from + length; at += BLOCK) {
      const along = Math.min(BLOCK, whole - at);
      rects.push(
        axis === 'xz'
          ? { x: at, y: start, width: along, height: Math.min(band, height - start) }
          : { x: start, y: at, width: Math.min(band, width - start), height: along },
      );
    }
    return rects;
  }

  private async slab(axis: PlaneAxis, z: number, rect: Rect): Promise<Region | null> {
    const place = [axis, z, rect.x, rect.y, this.source.edition(z)].join('/');
    const key = `${this.key}/${place}`;
    const known = this.cache.get(key);
    if (known !== undefined) return known.region;
    const running = this.underWay.get(key);
    if (running !== undefined) return running;
    const work = this.source
      .read(z, rect, shared)
      .then((region) => {
        // What is not there may be there the next time: a file that comes back shows again.
        const isWhole = region?.bad.some(({ state }) => state === 'missing') !== true;
        if (isWhole) this.cache.set(key, { region, bytes: region?.data.byteLength ?? EMPTY_BYTES });
        return region;
      })
      .finally(() => this.underWay.delete(key));
    this.underWay.set(key, work);
    return work;
  }
}

function assertTile(
  { width, height, depth }: StackExtent,
  index: number,
  level: number,
  tx: number,
  ty: number,
): void {
  const inside =
    [index, level, tx, ty].every((value) => Number.isInteger(value) && value >= 0) &&
    index < depth &&
    level < levelCount(width, height) &&
    tx < tileCount(sizeAtLevel(width, level)) &&
    ty < tileCount(sizeAtLevel(height, level));
  if (inside) return;
  throw new MembranaError('stack.slice-out-of-range', 'That plane is not in this stack.', {
    hint: `There are ${String(depth)} planes of this kind.`,
    data: { plane: index, level, tx, ty },
  });
}
