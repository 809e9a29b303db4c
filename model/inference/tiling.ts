/** Where tiles of one size lie on a slice. Origins may be negative: what lies outside is the slice's mirror image. */
export interface Tiling {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

export interface TilingOptions {
  /** Longest side of a tile in pixels. */
  readonly tile: number;
  /** Pixels that neighbouring tiles share at least. */
  readonly overlap: number;
  /** Mirrored pixels around the slice. */
  readonly border: number;
  /** Tile sides are multiples of it. */
  readonly alignment: number;
}

const alignUp = (value: number, alignment: number): number =>
  Math.ceil(value / alignment) * alignment;

/**
 * Tile side and origins along one axis: as few tiles as keep the overlap,
 * evenly spread. All origins lie on one grid of the alignment: a network that
 * halves the image sees the same pixels together in every tile, or seams show.
 */
function tileAxis(
  size: number,
  { tile, overlap, border, alignment }: TilingOptions,
): { side: number; origins: readonly number[] } {
  const start = -alignUp(border, alignment);
  const padded = size - 2 * start;
  const side = Math.max(alignment, alignUp(tile, alignment));
  if (padded <= side) return { side: alignUp(padded, alignment), origins: [start] };
  const stride = Math.max(alignment, Math.floor((side - overlap) / alignment) * alignment);
  const count = Math.ceil((padded - side) / stride) + 1;
  const step = (padded - side) / (count - 1);
  return {
    side,
    origins: Array.from({ length: count }, (_, i) => start + alignUp(i * step, alignment)),
  };
}

export function tilingOf(width: number, height: number, options: TilingOptions): Tiling {
  const across = tileAxis(width, options);
  const down = tileAxis(height, options);
  return {
    tileWidth: across.side,
    tileHeight: down.side,
    columns: across.origins,
    rows: down.origins,
  };
}

/** The place inside [0, size) that mirrors `position`, edge pixels not repeated; any distance, any size. */
export function mirrored(position: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const inPeriod = ((position % period) + period) % period;
  return inPeriod < size ? inPeriod : period - inPeriod;
}

/** Cuts a tile out of a slice, mirrored beyond its borders. */
export function readTile(
  image: Float32Array,
  width: number,
  height: number,
  tile: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): Float32Array<ArrayBuffer> {
  const cut = new Float32Array(tile.width * tile.height);
  const columns = Int32Array.from({ length: tile.width }, (_, i) => mirrored(tile.x + i, width));
  for (let row = 0; row < tile.height; row++) {
    const source = mirrored(tile.y + row, height) * width;
    const target = row * tile.width;
    for (let i = 0; i < tile.width; i++) cut[target + i] = image[source + (columns[i] ?? 0)] ?? 0;
  }
  return cut;
}
