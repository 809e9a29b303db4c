import { TILE_SIZE, type Rect } from '#contract/tiles';

/** Tiles as canvases ready to be drawn, at 1 MiB each: of raw values and of overlays, and of both in one. */
export const LAYER_CANVASES = 160;
export const FLAT_CANVASES = 192;

export interface TileCanvas {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
}

function newCanvas(): TileCanvas {
  const canvas = document.createElement('canvas');
  canvas.width = TILE_SIZE;
  canvas.height = TILE_SIZE;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('this window has no 2D canvas');
  return { canvas, context };
}

/** One picture of a tile with what it was made from; reused when it has long not been drawn. */
export class TileCanvases<State> {
  readonly #most: number;
  readonly #kept = new Map<string, { readonly tile: TileCanvas; readonly state: State }>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): { readonly tile: TileCanvas; readonly state: State } | undefined {
    const entry = this.#kept.get(key);
    if (entry) {
      this.#kept.delete(key);
      this.#kept.set(key, entry);
    }
    return entry;
  }

  make(key: string, state: State): TileCanvas {
    let tile = this.#kept.get(key)?.tile;
    this.#kept.delete(key);
    if (!tile && this.#kept.size >= this.#most) {
      for (const [oldest, entry] of this.#kept) {
        this.#kept.delete(oldest);
        tile = entry.tile;
        break;
      }
    }
    tile ??= newCanvas();
    this.#kept.set(key, { tile, state });
    return tile;
  }

  delete(key: string): void {
    this.#kept.delete(key);
  }

  entries(): Iterable<[string, { readonly state: State }]> {
    return this.#kept;
  }

  clear(): void {
    this.#kept.clear();
  }
}

/** Pixels on their way into a tile's canvas: filled as 32-bit RGBA, then put, all of them or a rectangle. */
export class TileInk {
  readonly #image = new ImageData(TILE_SIZE, TILE_SIZE);
  readonly pixels = new Uint32Array(this.#image.data.buffer);

  putAll(tile: TileCanvas): void {
    this.put(tile, { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE });
  }

  put(tile: TileCanvas, rect: Rect): void {
    tile.context.putImageData(this.#image, 0, 0, rect.x, rect.y, rect.width, rect.height);
  }
}
