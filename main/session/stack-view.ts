import type { SliceStatistics } from '#contract/entities';
import { sizeAtLevel } from '#contract/tiles';
import { BlockReader } from '#main/stacks/blocks/block-reader';
import { sharedDecodePool } from '#main/stacks/decode-pool';
import { halveRegion } from '#main/stacks/halve-region';
import { isStill, openStack } from '#main/stacks/open-stack';
import { readSliceBands } from '#main/stacks/statistics';
import type { Region, StackSource } from '#main/stacks/stack-source';
import { TILE_CACHE_BYTES, TileReader, type CachedTile } from '#main/stacks/tile-reader';
import { ChunkCache } from '#volume/chunk-cache';
import { windowToBytes } from '#main/stacks/wire-tile';

/** Longest edge of a thumbnail, in pixels. */
const THUMBNAIL_EDGE = 192;
/** Slices whose statistics are kept; one is 2 kB. */
const STATISTICS_KEPT = 512;

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** 8-bit grey, row-major, contrast stretched to the slice's own range. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const cache = new ChunkCache<CachedTile>(TILE_CACHE_BYTES);
let opened = 0;

/** An open stack as the window looks at it: tiles, statistics, thumbnails. */
export class StackView {
  readonly tiles: TileReader;
  readonly blocks: BlockReader;
  private readonly statisticsOf = new Map<number, Promise<SliceStatistics>>();
  private readonly closing = new AbortController();

  private constructor(
    readonly path: string,
    readonly source: StackSource,
  ) {
    opened += 1;
    this.tiles = new TileReader(source, cache, String(opened));
    this.blocks = new BlockReader(source, sharedDecodePool(), this.tiles);
  }

  /** @throws MembranaError file.*, tiff.* */
  static async open(path: string, signal: AbortSignal): Promise<StackView> {
    const view = new StackView(path, await openStack(path, { signal }));
    // What the file holds now is known before anybody changes it; who asks for it hears of a failure.
    view.source.reference().catch(() => undefined);
    return view;
  }

  /** @throws MembranaError stack.slice-out-of-range, stack.page-unreadable */
  statistics(z: number): Promise<SliceStatistics> {
    const known = this.statisticsOf.get(z);
    if (known !== undefined) return known;
    const { signal } = this.closing;
    const work = readSliceBands(this.source, z, signal).then((bands) =>
      sharedDecodePool().statistics(bands, signal),
    );
    this.statisticsOf.set(z, work);
    work.catch(() => this.statisticsOf.delete(z));
    for (const oldest of this.statisticsOf.keys()) {
      if (this.statisticsOf.size <= STATISTICS_KEPT) break;
      this.statisticsOf.delete(oldest);
    }
    return work;
  }

  async thumbnail(z: number, signal: AbortSignal): Promise<Thumbnail> {
    let region: Region = await this.tiles.tile(z, this.tiles.levels - 1, 0, 0, signal);
    while (
      Math.max(region.width, region.height) > THUMBNAIL_EDGE &&
      sizeAtLevel(region.width, 1) > 1
    )
      region = halveRegion(region);
    const { low, high } = await this.statistics(z);
    return {
      width: region.width,
      height: region.height,
      bytes: windowToBytes(region.data, { min: low, max: high }),
    };
  }

  /** Whether the file at `path` is the one that is open here, or one of the same content. */
  async isStill(path: string): Promise<boolean> {
    const reference = await this.source.reference().catch(() => null);
    return reference !== null && isStill({ ...reference, path });
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.tiles.close();
    await this.source.close();
  }
}
