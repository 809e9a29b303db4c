import { applyTilePatch, type TilePatch } from '#contract/label-patch';
import {
  TILE_PIXELS,
  TILE_SIZE,
  tileCount,
  tilesIn,
  type Rect,
  type TileAddress,
} from '#contract/tiles';
import type { CancelSignal } from './cancel-signal';

/** Asks the owner of the disk for a tile's label bytes; null = nobody has labelled there. */
export type FetchLabelTile = (
  z: number,
  tx: number,
  ty: number,
  signal?: CancelSignal,
) => Promise<Uint8Array | null>;

interface Load {
  readonly done: Promise<void>;
  readonly signal: CancelSignal | undefined;
  /** Written while the answer was under way: put on top of it. */
  readonly missed: TilePatch[];
}

export interface LabelTilesOptions {
  /** Slice size in pixels. */
  readonly width: number;
  readonly height: number;
  readonly fetchTile: FetchLabelTile;
  /** Unacknowledged changes of a tile, oldest first: the disk may not know them yet. */
  readonly unsaved: (z: number, tx: number, ty: number) => readonly TilePatch[];
  /** Bytes of pixels kept; pinned tiles stay beyond it. */
  readonly budget: number;
}

/**
 * Label bytes of the tiles near the eye, by (z, tx, ty): a cache of what the
 * disk holds plus every change on its way there. Pinned tiles (being painted,
 * or not yet acknowledged) are never dropped; the others go, longest unused
 * first, when the budget is passed.
 */
export class LabelTiles {
  readonly width: number;
  readonly height: number;
  readonly #options: LabelTilesOptions;
  /** In order of use, oldest first; null = loaded, without any label. */
  readonly #tiles = new Map<number, Uint8Array | null>();
  readonly #pins = new Map<number, number>();
  readonly #loads = new Map<number, Load>();
  readonly #across: number;
  readonly #down: number;
  #bytes = 0;

  constructor(options: LabelTilesOptions) {
    this.#options = options;
    this.width = options.width;
    this.height = options.height;
    this.#across = tileCount(options.width);
    this.#down = tileCount(options.height);
  }

  /** Bytes of pixels held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Label bytes to look at, never to write; undefined while not loaded, null where nobody has labelled. */
  read(z: number, tx: number, ty: number): Uint8Array | null | undefined {
    const key = this.#key(z, tx, ty);
    const tile = this.#tiles.get(key);
    if (tile) {
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }

  /** The label byte of a pixel; undefined while its tile is not loaded. */
  labelAt(z: number, x: number, y: number): number | undefined {
    const pixels = this.read(z, Math.floor(x / TILE_SIZE), Math.floor(y / TILE_SIZE));
    if (pixels === undefined) return undefined;
    return pixels?.[(y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE)] ?? 0;
  }

  /** Label bytes to write into, for whoever has pinned the tile; undefined while not loaded. */
  writable(z: number, tx: number, ty: number): Uint8Array | undefined {
    const tile = this.read(z, tx, ty);
    if (tile !== null) return tile;
    const pixels = new Uint8Array(TILE_PIXELS);
    this.#put(this.#key(z, tx, ty), pixels);
    return pixels;
  }

  /** Keeps a tile, loaded or not; each pin is taken back by one `unpin`. */
  pin(z: number, tx: number, ty: number): void {
    const key = this.#key(z, tx, ty);
    this.#pins.set(key, (this.#pins.get(key) ?? 0) + 1);
  }

  unpin(z: number, tx: number, ty: number): void {
    const key = this.#key(z, tx, ty);
    const pins = (this.#pins.get(key) ?? 0) - 1;
    if (pins > 0) this.#pins.set(key, pins);
    else this.#pins.delete(key);
  }

  /** Lets go of what is over the budget and not pinned, but for `keep`. */
  trim(keep?: number): void {
    if (this.#bytes <= this.#options.budget) return;
    for (const [key, pixels] of this.#tiles) {
      if (pixels === null || key === keep || this.#pins.has(key)) continue;
      this.#tiles.delete(key);
      this.#bytes -= pixels.length;
      if (this.#bytes <= this.#options.budget) return;
    }
  }

  /** Writes one tile of a patch: at once where the tile is loaded, else when its answer arrives. */
  apply(z: number, patch: TilePatch): void {
    this.#loads.get(this.#key(z, patch.tx, patch.ty))?.missed.push(patch);
    const pixels = this.writable(z, patch.tx, patch.ty);
    if (pixels) applyTilePatch(pixels, patch);
  }

  /** Every tile that a rectangle of a slice touches is loaded. */
  isLoaded(z: number, rect: Rect): boolean {
    return tilesIn(rect, this.width, this.height).every(
      ({ tx, ty }) => this.read(z, tx, ty) !== undefined,
    );
  }

  /** Resolves when all the tiles are there; rejects with the first failure or abort. */
  async load(z: number, tiles: readonly TileAddress[], signal?: CancelSignal): Promise<void> {
    await Promise.all(tiles.map(({ tx, ty }) => this.#loadOne(z, tx, ty, signal)));
  }

  async #loadOne(z: number, tx: number, ty: number, signal?: CancelSignal): Promise<void> {
    const key = this.#key(z, tx, ty);
    while (!this.#tiles.has(key)) {
      const load = this.#loads.get(key) ?? this.#start(key, z, tx, ty, signal);
      try {
        await load.done;
        return;
      } catch (error) {
        // Somebody else's cancel is no reason to go without the tile.
        const cancelledByOther = load.signal?.aborted === true && load.signal !== signal;
        if (!cancelledByOther || signal?.aborted === true) throw error;
      }
    }
  }

  #start(key: number, z: number, tx: number, ty: number, signal?: CancelSignal): Load {
    const missed = [...this.#options.unsaved(z, tx, ty)];
    const fetched = this.#options.fetchTile(z, tx, ty, signal);
    const done = fetched.then(
      (pixels) => {
        this.#loads.delete(key);
        if (pixels && pixels.length !== TILE_PIXELS)
          throw new RangeError(`label tile of ${String(pixels.length)} bytes`);
        this.#put(key, pixels);
        for (const patch of missed) {
          const target = this.writable(z, tx, ty);
          if (target) applyTilePatch(target, patch);
        }
      },
      (error: unknown) => {
        this.#loads.delete(key);
        throw error;
      },
    );
    const load = { done, signal, missed };
    this.#loads.set(key, load);
    return load;
  }

  #key(z: number, tx: number, ty: number): number {
    return (z * this.#down + ty) * this.#across + tx;
  }

  #put(key: number, pixels: Uint8Array | null): void {
    this.#bytes -= this.#tiles.get(key)?.length ?? 0;
    this.#tiles.delete(key);
    this.#tiles.set(key, pixels);
    this.#bytes += pixels?.length ?? 0;
    this.trim(key);
  }
}
