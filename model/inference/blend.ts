/**
 * Puts overlapping tiles together: each pixel is the mean of the tiles that
 * cover it, weighted by how far inside each of them it lies. Weights rise
 * smoothly over the overlap, so no edge of a tile shows.
 */
export class TileBlend {
  readonly #width: number;
  readonly #height: number;
  readonly #classes: number;
  readonly #sum: Float32Array<ArrayBuffer>;
  readonly #weight: Float32Array<ArrayBuffer>;

  constructor(width: number, height: number, classes: number) {
    this.#width = width;
    this.#height = height;
    this.#classes = classes;
    this.#sum = new Float32Array(width * height * classes);
    this.#weight = new Float32Array(width * height);
  }

  /** Adds a tile of values [row][column][class] whose corner lies at (x, y). */
  add(
    values: Float32Array,
    tile: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    },
    overlap: number,
  ): void {
    const across = rampOf(tile.width, overlap);
    const down = rampOf(tile.height, overlap);
    const plane = this.#width * this.#height;
    for (
      let row = Math.max(0, -tile.y);
      row < Math.min(tile.height, this.#height - tile.y);
      row++
    ) {
      for (
        let column = Math.max(0, -tile.x);
        column < Math.min(tile.width, this.#width - tile.x);
        column++
      ) {
        const weight = (across[column] ?? 0) * (down[row] ?? 0);
        const pixel = (tile.y + row) * this.#width + tile.x + column;
        this.#weight[pixel] = (this.#weight[pixel] ?? 0) + weight;
        for (let c = 0; c < this.#classes; c++) {
          const at = c * plane + pixel;
          this.#sum[at] =
            (this.#sum[at] ?? 0) +
            weight * (values[(row * tile.width + column) * this.#classes + c] ?? 0);
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

/**
 * In the outer quarter of the overlap a tile counts only where no other one
 * does, and there the one whose edge is farther away: at a tile's edge the
 * network has seen made-up pixels.
 */
const leastWeight = 1e-7;

function rampOf(side: number, overlap: number): Float32Array {
  const quiet = overlap / 4;
  return Float32Array.from({ length: side }, (_, i) => {
    const inside = Math.min(i, side - 1 - i) + 0.5;
    const rise =
      overlap === 0 ? 1 : Math.min(1, Math.max(0, (inside - quiet) / (overlap - 2 * quiet)));
    return Math.max(leastWeight * inside, rise * rise * (3 - 2 * rise));
  });
}
