import { basename } from 'node:path';
import type { TruthLayer } from '#contract/entities';
import { openStack } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { StackSource } from '#main/stacks/stack-source';
import { ChunkCache } from '#volume/chunk-cache';
import { TileReader, type CachedTile } from '#main/stacks/tile-reader';
import { valueSource } from '#main/stacks/value-source';
import { wireTile } from '#main/stacks/wire-tile';
import { summariseLabels } from './label-summary';

/** Tiles kept: some 250 of them, a few slices of a large stack. */
const CACHE_BYTES = 64 * 2 ** 20;
/** Values asked for in turn; choosing which one is membrane needs one or two. */
const READERS_KEPT = 4;

/**
 * A label stack that was opened beside the stack, to compare with. It is
 * looked at, and the mask is measured against it; no training, no gate and no
 * queue reads it.
 */
export class TruthStack {
  private readonly cache = new ChunkCache<CachedTile>(CACHE_BYTES);
  private readonly readers = new Map<number, TileReader>();

  private constructor(
    readonly layer: TruthLayer,
    private readonly source: StackSource,
  ) {}

  /**
   * Opens the label stack of `path`; `image` is the stack that it must fit in width, height and depth.
   * @throws MembranaError stack.shape-mismatch, labels.one-class, stack.page-unreadable, file.*, tiff.*
   */
  static async open(image: string, path: string, signal: AbortSignal): Promise<TruthStack> {
    const { values, suggestedMembrane } = await summariseLabels(image, path, signal);
    const source = await openStack(path, { signal });
    const layer = { name: basename(path), values, membrane: suggestedMembrane };
    return new TruthStack(layer, source);
  }

  /**
   * A tile of the pixels that have `value`: 255 where all of a pixel does, 0 where none.
   * @throws MembranaError stack.slice-out-of-range, file.*; AbortError
   */
  async tile(
    value: number,
    z: number,
    level: number,
    tx: number,
    ty: number,
    signal: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const region = await this.reader(value).tile(z, level, tx, ty, signal);
    return wireTile(region).bytes;
  }

  /** What the compute process opens it by, to measure against it. */
  reference(): Promise<SourceReference> {
    return this.source.reference();
  }

  async close(): Promise<void> {
    for (const reader of this.readers.values()) reader.close();
    await this.source.close();
  }

  private reader(value: number): TileReader {
    const known = this.readers.get(value);
    if (known !== undefined) return known;
    const made = new TileReader(valueSource(this.source, value), this.cache, String(value));
    this.readers.set(value, made);
    for (const [oldest, reader] of this.readers) {
      if (this.readers.size <= READERS_KEPT) break;
      reader.close();
      this.readers.delete(oldest);
    }
    return made;
  }
}
