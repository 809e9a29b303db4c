/** Where tiles of one size lie on a slice. Origins may be negative: what lies outside is the slice's mirror image. */
export interface Tiling {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  /** Pixels along an edge shared with another tile that don't count. */
  readonly margin: number;
  /** Pixels over which neighbouring tiles fade into each other, inside their margins. */
  readonly fade: number;
}

export interface TilingOptions {
  /** Longest side of a tile in pixels; longer where the margins would take more than two thirds of it. */
  readonly tile: number;
  readonly margin: number;
  readonly fade: number;
  /** Mirrored pixels around the slice. */
  readonly border: number;
  /** Tile sides are multiples of it. */
  readonly alignment: number;
}

const alignUp = (value: number, alignment: number): number =>
  Math.ceil(value / alignment) * alignment;

/**
 * Tile side and origins along one axis: as few tiles of at most the side as
 * cover the slice with what counts of them, and no longer ones than that
 * takes. All origins lie on one grid of the alignment: a network that halves
 * the image sees the same pixels together in every tile, or seams show.
 */
function tileAxis(
  size: number,
  { tile, margin, fade, border, alignment }: TilingOptions,
): { side: number; origins: readonly number[] } {
  const before = alignUp(border, alignment);
  const padded = alignUp(size + 2 * before, alignment);
  const shared = alignUp(2 * margin + fade, alignment);
  const least = shared + alignUp(Math.max(margin, 1), alignment);
  const longest = Math.max(least, alignUp(tile, alignment));
  if (padded <= longest) return { side: padded, origins: [-before] };
  const count = Math.ceil((padded - shared) / (longest - shared));
  const side = alignUp((padded + (count - 1) * shared) / count, alignment);
  return {
    side,
    origins: Array.from(
      { length: count },
      (_, i) => Math.min(i * (side - shared), padded - side) - before,
    ),
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
    margin: options.margin,
    fade: options.fade,
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
