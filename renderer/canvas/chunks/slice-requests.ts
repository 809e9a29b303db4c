import type { StackId } from '#contract/ids';
import { sliceLimits, sliceUrl, type MapLayer } from '#contract/slice-url';
import { TILE_PIXELS, tilesOf, type TileAddress, type TileBlock } from '#contract/tiles';
import { fetchSliceLayers, type SliceLayers } from '../../api/slice-layers';
import { keyOf, type At } from './tile-address';
import { pixelsOf, type RawPixels } from '../draw/pixel-views';

/** A tile that somebody waits for: of raw values, or of a map. */
interface Wish {
  readonly at: At;
  readonly map: MapLayer | null;
  readonly signal: AbortSignal;
  readonly resolve: (pixels: RawPixels | null) => void;
  readonly reject: (error: unknown) => void;
  /** Asks for this tile alone. */
  readonly alone: () => Promise<RawPixels | null>;
}

/** What a tile's buffer takes, by tile: tiles of an answer share one. */
const shares = new WeakMap<ArrayBufferLike, number>();

/** Bytes that a tile keeps from being freed. */
export function bytesHeld(pixels: RawPixels): number {
  return shares.get(pixels.buffer) ?? pixels.byteLength;
}

/**
 * Gathers the tiles that are asked for in one go, and asks for each part of a
 * slice once: one request, one answer for all layers. What such an answer
 * can't give is asked for tile by tile, so that a failure is told as before.
 */
export class SliceRequests {
  readonly #stack: StackId;
  readonly #fetch: typeof fetchSliceLayers;
  #wishes: Wish[] = [];

  constructor(stack: StackId, fetch = fetchSliceLayers) {
    this.#stack = stack;
    this.#fetch = fetch;
  }

  raw(at: At, signal: AbortSignal, alone: () => Promise<RawPixels>): Promise<RawPixels> {
    return this.#wish(at, null, signal, alone).then((pixels) => pixels ?? alone());
  }

  /** Null = there is no such map. */
  async map(
    at: At,
    map: MapLayer,
    signal: AbortSignal,
    alone: () => Promise<Uint8Array | null>,
  ): Promise<Uint8Array | null> {
    const pixels = await this.#wish(at, map, signal, alone);
    return pixels === null || pixels instanceof Uint8Array ? pixels : alone();
  }

  #wish(
    at: At,
    map: MapLayer | null,
    signal: AbortSignal,
    alone: Wish['alone'],
  ): Promise<RawPixels | null> {
    return new Promise((resolve, reject) => {
      if (this.#wishes.length === 0)
        queueMicrotask(() => {
          this.#send();
        });
      this.#wishes.push({ at, map, signal, resolve, reject, alone });
    });
  }

  #send(): void {
    const bySlice = new Map<string, Wish[]>();
    for (const wish of this.#wishes) {
      const key = `${String(wish.at.z)}/${String(wish.at.level)}`;
      bySlice.set(key, [...(bySlice.get(key) ?? []), wish]);
    }
    this.#wishes = [];
    for (const wishes of bySlice.values())
      for (const [block, inBlock] of blocksOf(wishes)) void this.#ask(block, inBlock);
  }

  async #ask(block: TileBlock, wishes: readonly Wish[]): Promise<void> {
    const [first] = wishes;
    if (!first) return;
    const { z, level } = first.at;
    const maps = layersOf(wishes);
    const raw = wishes.some(({ map }) => map === null);
    const leaving = whenAllLeave(wishes.map(({ signal }) => signal));
    try {
      const request = { stack: this.#stack, z, level, block, raw, maps };
      const answer = await this.#fetch(sliceUrl(request), leaving);
      const tiles = tilesOfAnswer(answer, block, [...(raw ? [null] : []), ...maps]);
      for (const wish of wishes) wish.resolve(tiles(wish));
    } catch {
      for (const { signal, alone, resolve, reject } of wishes)
        if (signal.aborted) reject(signal.reason);
        else alone().then(resolve, reject);
    }
  }
}

/** Rectangles of tiles that hold all wishes and little else. */
function blocksOf(wishes: readonly Wish[]): [TileBlock, Wish[]][] {
  const whole = around(wishes.map(({ at }) => at));
  const tiles = new Set(wishes.map(({ at }) => keyOf(at))).size;
  const area = whole.across * whole.down;
  const few = layersOf(wishes).length <= sliceLimits.maps;
  if (area <= sliceLimits.tiles && area <= 1.5 * tiles && few) return [[whole, [...wishes]]];
  const rows = new Map<string, Wish[]>();
  for (const wish of wishes) {
    const { tx, ty } = wish.at;
    // A row with gaps in it is rare, and its tiles are asked for one by one.
    const key =
      whole.across <= sliceLimits.tiles && few ? String(ty) : `${String(ty)}/${String(tx)}`;
    rows.set(key, [...(rows.get(key) ?? []), wish]);
  }
  return [...rows.values()].map((row) => [around(row.map(({ at }) => at)), row]);
}

function around(tiles: readonly TileAddress[]): TileBlock {
  const tx = Math.min(...tiles.map((tile) => tile.tx));
  const ty = Math.min(...tiles.map((tile) => tile.ty));
  const across = Math.max(...tiles.map((tile) => tile.tx)) - tx + 1;
  const down = Math.max(...tiles.map((tile) => tile.ty)) - ty + 1;
  return { tx, ty, across, down };
}

const nameOf = (map: MapLayer): string => `${map.model} ${String(map.class)}`;

function layersOf(wishes: readonly Wish[]): MapLayer[] {
  const maps = wishes.map(({ map }) => map).filter((map) => map !== null);
  return [...new Map(maps.map((map) => [nameOf(map), map])).values()];
}

/** Aborts when nobody waits any more. */
function whenAllLeave(signals: readonly AbortSignal[]): AbortSignal {
  const abort = new AbortController();
  const look = (): void => {
    if (signals.every(({ aborted }) => aborted)) abort.abort();
  };
  for (const signal of new Set(signals)) signal.addEventListener('abort', look, { once: true });
  look();
  return abort.signal;
}

/** Gives each wish its tile of an answer, on the answer's own memory. @throws MembranaError file.unreadable unless a layer is as long as its tiles */
function tilesOfAnswer(
  answer: SliceLayers,
  block: TileBlock,
  layers: readonly (MapLayer | null)[],
): (wish: Wish) => RawPixels | null {
  const order = new Map(tilesOf(block).map(({ tx, ty }, i) => [`${String(tx)}/${String(ty)}`, i]));
  const found = new Map<string, RawPixels | null>();
  layers.forEach((layer, i) => {
    const own = answer[i] ?? null;
    const name = layer === null ? '' : nameOf(layer);
    if (own === null) {
      found.set(name, null);
      return;
    }
    const { element, bytes } = own;
    shares.set(bytes.buffer, bytes.byteLength / order.size);
    found.set(name, pixelsOf(element, bytes.buffer, bytes.byteOffset, order.size * TILE_PIXELS));
  });
  return ({ at, map }) => {
    const layer = found.get(map === null ? '' : nameOf(map)) ?? null;
    const i = order.get(`${String(at.tx)}/${String(at.ty)}`) ?? 0;
    return layer?.subarray(i * TILE_PIXELS, (i + 1) * TILE_PIXELS) ?? null;
  };
}
