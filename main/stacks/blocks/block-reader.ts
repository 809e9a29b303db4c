import { MembranaError } from '#contract/errors';
import {
  blockRect,
  sizeAtLevel,
  TILE_PIXELS,
  tilesOf,
  type Rect,
  type TileBlock,
} from '#contract/tiles';
import { bytesOf, bytesPerSample, newPixels } from '#volume/pixel-array';
import type { DecodePool } from '../decode-pool';
import { readGrey } from '../grey-region';
import { assertSlice, type StackSource } from '../stack-source';
import type { TileReader } from '../tile-reader';
import { wireTile } from '../wire-tile';
import type { WireBlock } from './wire-block';

/** Stored pixels that are read for one block of tiles; what takes more is made tile by tile. */
const REGION_BYTES = 128 * 2 ** 20;

/**
 * Blocks of tiles for the view, each one answer: read, decoded and halved by a
 * worker, straight from the file's bytes where the source can say where they
 * lie. Nothing is kept here: the window keeps what it was given, the system the file.
 */
export class BlockReader {
  constructor(
    private readonly source: StackSource,
    private readonly pool: DecodePool,
    /** What can't be read at once is read by it. */
    private readonly tiles: TileReader,
  ) {}

  /**
   * The tiles of a block of a level of slice `z`; the same bytes as those of each tile.
   * @throws MembranaError stack.slice-out-of-range (also for blocks and levels that don't exist), file.*; AbortError
   */
  async block(z: number, level: number, block: TileBlock, signal: AbortSignal): Promise<WireBlock> {
    signal.throwIfAborted();
    const { info } = this.source;
    assertSlice(info, z);
    const rect = this.rectOf(level, block);
    if (rect === null)
      throw new MembranaError('stack.slice-out-of-range', 'The tiles are not in this stack.', {
        hint: `Levels run from 0 to ${this.tiles.levels - 1}.`,
        data: { slice: z, level, tx: block.tx, ty: block.ty },
      });
    const base = Math.max(...this.source.levels.filter((kept) => kept <= level));
    const below = this.under(rect, level, base);
    const bytes = below.width * below.height * info.samples * bytesPerSample(info.type);
    if (bytes > REGION_BYTES) return this.fromTiles(z, level, block, signal);
    const stored = base === 0 ? await this.fromFile(z, below, level, block, signal) : null;
    return stored ?? this.fromRegion(z, { rect: below, base, level }, block, signal);
  }

  private rectOf(level: number, block: TileBlock): Rect | null {
    if (!Number.isInteger(level) || level < 0 || level >= this.tiles.levels) return null;
    const { width, height } = this.source.info;
    return blockRect(block, sizeAtLevel(width, level), sizeAtLevel(height, level));
  }

  /** The pixels of level `base` that a rectangle of a level is made of. */
  private under(rect: Rect, level: number, base: number): Rect {
    const scale = 2 ** (level - base);
    const { width, height } = this.source.info;
    const [x, y] = [rect.x * scale, rect.y * scale];
    return {
      x,
      y,
      width: Math.min(rect.width * scale, sizeAtLevel(width, base) - x),
      height: Math.min(rect.height * scale, sizeAtLevel(height, base) - y),
    };
  }

  /** Null where the source can't say where the pixels lie, or anything is wrong with them. */
  private async fromFile(
    z: number,
    rect: Rect,
    halvings: number,
    tiles: TileBlock,
    signal: AbortSignal,
  ): Promise<WireBlock | null> {
    const { source, pool } = this;
    const { across, down } = tiles;
    const found = await source.withStored?.(z, rect, signal, (stored) =>
      pool.stored({ stored, halvings, tiles: { across, down } }, signal),
    );
    signal.throwIfAborted();
    return found ?? null;
  }

  private async fromRegion(
    z: number,
    at: { readonly rect: Rect; readonly base: number; readonly level: number },
    block: TileBlock,
    signal: AbortSignal,
  ): Promise<WireBlock> {
    const region = await readGrey(this.source, z, at.rect, at.base, signal);
    const { type, width, height, data, bad } = region;
    const tiles = { across: block.across, down: block.down };
    const halvings = at.level - at.base;
    const wanted = { region: { type, width, height, samples: 1, data, bad }, halvings, tiles };
    return (await this.pool.halve(wanted, signal)) ?? this.fromTiles(z, at.level, block, signal);
  }

  private async fromTiles(
    z: number,
    level: number,
    block: TileBlock,
    signal: AbortSignal,
  ): Promise<WireBlock> {
    const tiles = await Promise.all(
      tilesOf(block).map(async ({ tx, ty }) =>
        wireTile(await this.tiles.tile(z, level, tx, ty, signal)),
      ),
    );
    const element = tiles[0]?.element ?? 'uint8';
    const bytes = bytesOf(newPixels(element, tiles.length * TILE_PIXELS));
    tiles.forEach((tile, index) => bytes.set(tile.bytes, index * tile.bytes.length));
    return { element, bytes, hasBadBlocks: tiles.some(({ hasBadBlocks }) => hasBadBlocks) };
  }
}
