import type { Rect } from '#contract/tiles';
import type { ByteField } from '../byte-field';
import type { Point } from '../rasterize';

/**
 * How much more a step onto a pixel of byte 0 costs than one of byte 255.
 * Measured on 225 legs of 30–140 px over maps of four slices, made by a model
 * that had not seen that stack: 5 kept 90 % of the path on true membrane and
 * 83 % on the shortest way along it, 20 kept 96 and 76 %, 250 kept 99 and 64 %
 * (long detours around cells).
 */
const VALLEY_COST = 20;

/** A straight step and one over a corner: 7 / 5 is the root of 2 within 1 %. */
export const STRAIGHT = 5;
export const DIAGONAL = 7;

/**
 * What a step onto a pixel costs by its byte, per STRAIGHT or DIAGONAL: 1 on
 * the ridge (255), 1 + VALLEY_COST in the valley (0), and quadratic between,
 * so that a half-sure membrane is still much better than none.
 */
export function ridgeCost(byte: number): number {
  const depth = 1 - byte / 255;
  return 1 + Math.round(VALLEY_COST * depth * depth);
}

const UNSEEN = 0x7fffffff;

/**
 * The cheapest path along bright ridges from one point of a field to any
 * other, live: Dijkstra's search in whole numbers with buckets (Dial, 1969;
 * live wire: Mortensen & Barrett, 1995), grown only as far as the farthest
 * point asked for, and kept for the next one.
 */
export class RidgePath {
  readonly #rect: Rect;
  readonly #stride: number;
  /** By pixel, with a rim of 0 around, which no path enters. */
  readonly #costs: Uint8Array;
  readonly #distances: Int32Array;
  /** By which of the eight steps a pixel is reached. */
  readonly #steps: Uint8Array;
  readonly #settled: Uint8Array;
  readonly #offsets: Int32Array;
  readonly #buckets: number[][];
  readonly #start: number;
  #distance = 0;

  /** `from` (image pixels) outside the field counts as the nearest pixel inside; throws a RangeError for an empty field. */
  constructor(field: ByteField, from: Point) {
    const { rect, data } = field;
    const { width, height } = rect;
    this.#rect = rect;
    const stride = width + 2;
    this.#stride = stride;
    this.#offsets = Int32Array.of(
      -1,
      1,
      -stride,
      stride,
      -stride - 1,
      1 - stride,
      stride - 1,
      stride + 1,
    );
    const count = stride * (height + 2);
    const table = Uint8Array.from({ length: 256 }, (_, byte) => ridgeCost(byte));
    this.#costs = new Uint8Array(count);
    // The rim is nearer than any path could be, so nothing ever steps onto it.
    this.#distances = new Int32Array(count);
    for (let row = 0; row < height; row += 1) {
      const at = (row + 1) * stride + 1;
      for (let x = 0; x < width; x += 1)
        this.#costs[at + x] = table[data[row * width + x] ?? 0] ?? 0;
      this.#distances.fill(UNSEEN, at, at + width);
    }
    this.#steps = new Uint8Array(count);
    this.#settled = new Uint8Array(count);
    this.#buckets = Array.from({ length: DIAGONAL * (1 + VALLEY_COST) + 1 }, () => []);
    this.#start = this.#indexOf(from);
    this.#distances[this.#start] = 0;
    this.#buckets[0]?.push(this.#start);
  }

  /** Pixel centres from the start to the pixel under `point` (image pixels; outside the field the nearest inside), both ends included. */
  to(point: Point): readonly Point[] {
    const goal = this.#indexOf(point);
    this.#settle(goal);
    const path: Point[] = [];
    for (let at = goal; ; at -= this.#offsets[this.#steps[at] ?? 0] ?? 0) {
      path.push({
        x: this.#rect.x + (at % this.#stride) - 0.5,
        y: this.#rect.y + Math.floor(at / this.#stride) - 0.5,
      });
      if (at === this.#start) return path.reverse();
    }
  }

  /** Searches on for a way to a point by up to `pixels` pixels; true when it is known, so that `to` answers at once. */
  search(point: Point, pixels: number): boolean {
    const goal = this.#indexOf(point);
    this.#settle(goal, pixels);
    return this.#settled[goal] === 1;
  }

  #indexOf({ x, y }: Point): number {
    const rect = this.#rect;
    const column = Math.min(rect.width - 1, Math.max(0, Math.floor(x) - rect.x));
    const row = Math.min(rect.height - 1, Math.max(0, Math.floor(y) - rect.y));
    // Neither an empty field nor a point that is no number has a pixel.
    if (!(column >= 0 && row >= 0)) throw new RangeError(`no pixel at ${String(x)}, ${String(y)}`);
    return (row + 1) * this.#stride + column + 1;
  }

  /** Settles pixels in the order of their distance till `goal` is, or `pixels` of them are. */
  #settle(goal: number, pixels = Infinity): void {
    const costs = this.#costs;
    const distances = this.#distances;
    const settled = this.#settled;
    const offsets = this.#offsets;
    const buckets = this.#buckets;
    for (let left = pixels; left > 0 && settled[goal] !== 1;) {
      const bucket = buckets[this.#distance % buckets.length];
      const at = bucket?.pop();
      if (at === undefined) {
        this.#distance += 1;
        continue;
      }
      // A cheaper way was found after this entry was made.
      if (settled[at] === 1) continue;
      settled[at] = 1;
      left -= 1;
      for (let step = 0; step < 8; step += 1) {
        const next = at + (offsets[step] ?? 0);
        const length = step < 4 ? STRAIGHT : DIAGONAL;
        const distance = this.#distance + length * (costs[next] ?? 0);
        if (distance >= (distances[next] ?? 0)) continue;
        distances[next] = distance;
        this.#steps[next] = step;
        buckets[distance % buckets.length]?.push(next);
      }
    }
  }
}
