import type { Tiling } from './tiling';

/**
 * Puts overlapping tiles together. At an edge inside the slice the margin of a
 * tile counts for nothing, and over the fade its weight rises smoothly, so no
 * edge of a tile shows; where several tiles count, a pixel is their weighted
 * mean. At the slice's own borders everything counts.
 */
export class TileBlend {
  readonly #width: number;
  readonly #height: number;
  readonly #classes: number;
  readonly #tiling: Tiling;
  readonly #sum: Float32Array<ArrayBuffer>;
  readonly #weight: Float32Array<ArrayBuffer>;

  constructor(width: number, height: number, classes: number, tiling: Tiling) {
    this.#width = width;
    this.#height = height;
    this.#classes = classes;
    this.#tiling = tiling;
    this.#sum = new Float32Array(width * height * classes);
    this.#weight = new Float32Array(width * height);
  }

  /** Adds a tile of values [row][column][class] whose corner lies at (x, y), one of the tiling's. */
  add(values: Float32Array, x: number, y: number): void {
    const { tileWidth, tileHeight, columns, rows } = this.#tiling;
    const across = weightsOf(tileWidth, x, columns, this.#tiling);
    const down = weightsOf(tileHeight, y, rows, this.#tiling);
    const plane = this.#width * this.#height;
    for (let row = Math.max(0, -y); row < Math.min(tileHeight, this.#height - y); row++) {
      for (let column = Math.max(0, -x); column < Math.min(tileWidth, this.#width - x); column++) {
        const weight = (across[column] ?? 0) * (down[row] ?? 0);
        if (weight === 0) continue;
        const pixel = (y + row) * this.#width + x + column;
        this.#weight[pixel] = (this.#weight[pixel] ?? 0) + weight;
        for (let c = 0; c < this.#classes; c++) {
          const at = c * plane + pixel;
          this.#sum[at] =
            (this.#sum[at] ?? 0) +
            weight * (values[(row * tileWidth + column) * this.#classes + c] ?? 0);
        }
      }
    }
  }

  /** The blended maps, class by class, each row by row. */
  result(): Float32Array<ArrayBuffer> {
    const plane = this.#width * this.#height;
    return this.#sum.map((sum, i) => sum / (this.#weight[i % plane] ?? 1));
  }
}

/** How much the pixels of a tile count along one axis, by their distance to the edges that it shares. */
function weightsOf(
  side: number,
  origin: number,
  origins: readonly number[],
  { margin, fade }: Tiling,
): Float32Array {
  const first = origin === origins[0];
  const last = origin === origins.at(-1);
  const rising = (inside: number): number => {
    const rise = fade === 0 ? (inside < 0 ? 0 : 1) : Math.min(1, Math.max(0, inside / fade));
    return rise * rise * (3 - 2 * rise);
  };
  return Float32Array.from({ length: side }, (_, i) => {
    const start = first ? 1 : rising(i + 0.5 - margin);
    const end = last ? 1 : rising(side - i - 0.5 - margin);
    return start * end;
  });
}
