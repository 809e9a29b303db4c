import type { BadBlock, StackInfo } from '#contract/entities';
import { intersect, type Rect, sizeAtLevel } from '#contract/tiles';
import { ChunkCache, type Sized } from '#volume/chunk-cache';
import { chunkName, chunksIn, type MetChunk } from '#volume/chunk-grid';
import type { Chunk, ChunkKey, ChunkSource } from '#volume/chunk-source';
import { bytesPerSample, newPixels } from '#volume/pixel-array';
import type { VolumeLevel } from '#volume/volume-info';
import { extendByOne, placeChunk } from './place-chunk';
import { readReduced } from './reduced-region';
import type { SourceContents } from './source/source-contents';
import type { SourceReference } from './source/source-identity';
import {
  assertSlice,
  type PageState,
  type Region,
  type StackSource,
  unreadableRegion,
  worstState,
} from './stack-source';

/** The file or folder that the chunks come from. */
export interface ChunkedContents extends Pick<SourceContents, 'identity' | 'close'> {
  readonly path: string;
  /** @throws MembranaError file.changed */
  assertUnchanged(): Promise<void>;
}

interface KeptChunk extends Sized {
  readonly chunk: Chunk;
}

/** Decoded chunks that all open stacks of this process share. */
const CACHE_BYTES = 192 * 2 ** 20;
const cache = new ChunkCache<KeptChunk>(CACHE_BYTES);
let opened = 0;

/** Pixels are checked in bands of about this many bytes. */
const CHECK_BYTES = 32 * 2 ** 20;

/** A stack whose slices are cut out of the chunks of a volume. */
export class ChunkStack implements StackSource {
  readonly levels: readonly number[];
  readonly readUnit: StackSource['readUnit'];
  private readonly key: string;
  private readonly underWay = new Map<string, Promise<Chunk>>();
  private readonly closing = new AbortController();

  constructor(
    readonly info: StackInfo,
    private readonly chunks: ChunkSource,
    private readonly list: ChunkedContents,
    /** Chunks that are read at once. */
    private readonly lanes: number,
  ) {
    const [native] = chunks.info.levels;
    opened += 1;
    this.key = String(opened);
    this.levels = chunks.info.levels.map(({ halvings }) => halvings);
    this.readUnit = {
      width: Math.min(native.chunk.x, info.width),
      height: Math.min(native.chunk.y, info.height),
    };
  }

  async readRegion(z: number, rect: Rect, level: number, signal: AbortSignal): Promise<Region> {
    assertSlice(this.info, z);
    const kept = this.chunks.info.levels.find(({ halvings }) => halvings === level);
    if (kept === undefined) return readReduced(this, z, rect, level, signal);
    signal.throwIfAborted();
    await this.list.assertUnchanged();
    const width = sizeAtLevel(this.info.width, level);
    const height = sizeAtLevel(this.info.height, level);
    const inside = intersect(rect, { x: 0, y: 0, width, height });
    if (inside === null)
      return unreadableRegion(this.info, { x: 0, y: 0, width: 0, height: 0 }, 'missing', '');
    return this.readLevel(kept, z, inside, signal);
  }

  private async readLevel(
    level: VolumeLevel,
    z: number,
    wanted: Rect,
    signal: AbortSignal,
  ): Promise<Region> {
    // Levels of other programs may be one pixel smaller than ours: odd sizes are rounded down there.
    const rect = {
      ...wanted,
      x: Math.min(wanted.x, level.shape.x - 1),
      y: Math.min(wanted.y, level.shape.y - 1),
    };
    const { type, samples } = this.info;
    const { channels } = this.chunks.info;
    const { width, height } = rect;
    const data = newPixels(type, width * height * samples);
    const bad: BadBlock[] = [];
    const held = intersect(rect, { x: 0, y: 0, width: level.shape.x, height: level.shape.y });
    if (held !== null) {
      const met = this.met(level, z, held);
      const lane = async (): Promise<void> => {
        for (const one of met) {
          const chunk = await this.chunk(one.key, signal);
          const plane = z % level.chunk.z;
          const at = { rect, samples, channels, plane };
          bad.push(...placeChunk(chunk, one, data, at));
        }
      };
      await Promise.all(Array.from({ length: this.lanes }, lane));
    }
    const region = { type, samples, width, height, data, bad: joinChannels(bad) };
    const missing = {
      right: rect.x + width - level.shape.x,
      bottom: rect.y + height - level.shape.y,
    };
    return missing.right > 0 || missing.bottom > 0 ? extendByOne(region, missing) : region;
  }

  private *met(level: VolumeLevel, z: number, rect: Rect): Generator<MetChunk> {
    for (let channel = 0; channel < this.chunks.info.channels; channel += 1)
      yield* chunksIn(level, z, rect, channel);
  }

  /** Work is shared by everyone who waits for the same chunk; what can't be had is asked for again each time. */
  private async chunk(key: ChunkKey, signal: AbortSignal): Promise<Chunk> {
    signal.throwIfAborted();
    const name = `${this.key}/${chunkName(key)}`;
    const known = cache.get(name);
    if (known !== undefined) return known.chunk;
    const running = this.underWay.get(name) ?? this.load(name, key);
    this.underWay.set(name, running);
    return running;
  }

  private async load(name: string, key: ChunkKey): Promise<Chunk> {
    try {
      const chunk = await this.chunks.read(key, this.closing.signal);
      if (chunk.problem === null) cache.set(name, { chunk, bytes: chunk.pixels.buffer.byteLength });
      return chunk;
    } finally {
      this.underWay.delete(name);
    }
  }

  async pageState(z: number, decode: boolean, signal: AbortSignal): Promise<PageState> {
    assertSlice(this.info, z);
    if (!decode) return { state: 'ok', bad: [] };
    const { width, height, type, samples } = this.info;
    const rowBytes = width * samples * bytesPerSample(type);
    const unit = this.readUnit.height;
    const rows = unit * Math.max(1, Math.floor(CHECK_BYTES / (rowBytes * unit)));
    const bad: BadBlock[] = [];
    for (let y = 0; y < height; y += rows) {
      const region = await this.readRegion(z, { x: 0, y, width, height: rows }, 0, signal);
      bad.push(...region.bad.map((block) => ({ ...block, y: block.y + y })));
    }
    return { state: worstState(bad), bad };
  }

  async reference(): Promise<SourceReference> {
    return { path: this.list.path, identity: await this.list.identity() };
  }

  close(): Promise<void> {
    this.closing.abort();
    return this.list.close();
  }
}

/** A chunk that is missing in every channel is one hole, not several. */
function joinChannels(bad: readonly BadBlock[]): BadBlock[] {
  const seen = new Map(
    bad.map((block) => [`${block.x}/${block.y}/${block.width}/${block.height}`, block]),
  );
  return [...seen.values()].sort((a, b) => a.y - b.y || a.x - b.x);
}
