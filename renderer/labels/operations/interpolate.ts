import { intersect, type Rect } from '#contract/tiles';
import type { ByteField } from '../byte-field';
import { areaFromMask, emptyArea, maskOfArea, type PixelArea } from '../pixel-area';
import { signedDistance } from './signed-distance';

/**
 * The shape between two masks (nonzero = in) of the same rectangle, a part
 * `t` (0…1) of the way from `before` to `after`; 0 gives the one, 1 the other.
 * Throws a RangeError when the rectangles differ.
 */
export function interpolateArea(before: ByteField, after: ByteField, t: number): PixelArea {
  return new ShapeBlend(before, after).at(t);
}

/**
 * Shape-based interpolation: the signed distances to both outlines are mixed,
 * and what is not outside the mixture is in (Raya & Udupa, 1990). Of nested
 * shapes one grows steadily into the other. Shapes that don't overlap at all
 * would vanish half-way, so they are moved centre of mass to centre of mass
 * meanwhile. Holds the distances, for many `t`.
 */
export class ShapeBlend {
  readonly #before: PixelArea;
  readonly #after: PixelArea;
  readonly #mixture: Mixture;

  constructor(before: ByteField, after: ByteField) {
    if (!sameRect(before.rect, after.rect))
      throw new RangeError('both shapes must be given in the same rectangle');
    this.#before = areaFromMask(before.data, before.rect);
    this.#after = areaFromMask(after.data, after.rect);
    this.#mixture = mixtureOf(this.#before, this.#after, before.rect);
  }

  /** The shape `t` of the way; empty between, when one of the two is empty. */
  at(t: number): PixelArea {
    if (t <= 0) return this.#before;
    if (t >= 1) return this.#after;
    return this.#mixture(t);
  }
}

type Mixture = (t: number) => PixelArea;

function mixtureOf(before: PixelArea, after: PixelArea, within: Rect): Mixture {
  if (before.spans.length === 0 || after.spans.length === 0) return () => emptyArea;
  const rect = around(before.bounds, after.bounds, 1, within);
  const one = maskOfArea(before, rect);
  const other = maskOfArea(after, rect);
  const overlap = one.some((value, i) => value !== 0 && other[i] !== 0);
  return overlap ? mixed(one, other, rect) : movedMixture(before, after, within);
}

function movedMixture(before: PixelArea, after: PixelArea, within: Rect): Mixture {
  // The larger shape may reach beyond the smaller one that it moves onto.
  const [a, b] = [before.bounds, after.bounds];
  const rect = around(a, b, Math.max(a.width, a.height, b.width, b.height), within);
  const one = maskOfArea(before, rect);
  const other = maskOfArea(after, rect);
  const from = centreOf(before);
  const to = centreOf(after);
  const way = { x: Math.round(to.x - from.x), y: Math.round(to.y - from.y) };
  return (t) => {
    const x = Math.round(way.x * t);
    const y = Math.round(way.y * t);
    return mixed(moved(one, rect, x, y), moved(other, rect, x - way.x, y - way.y), rect)(t);
  };
}

/** The rectangle around both with a margin, as far as `within` goes. */
function around(a: Rect, b: Rect, margin: number, within: Rect): Rect {
  const x = Math.min(a.x, b.x) - margin;
  const y = Math.min(a.y, b.y) - margin;
  const width = Math.max(a.x + a.width, b.x + b.width) + margin - x;
  const height = Math.max(a.y + a.height, b.y + b.height) + margin - y;
  return intersect({ x, y, width, height }, within) ?? within;
}

function mixed(one: Uint8Array, other: Uint8Array, rect: Rect): Mixture {
  // Where both agree, so does everything between.
  const differ = one.map((value, i) => value ^ (other[i] ?? 0));
  const from = signedDistance(one, rect.width, rect.height, differ);
  const to = signedDistance(other, rect.width, rect.height, differ);
  return (t) => {
    const mask = one.slice();
    for (let i = 0; i < mask.length; i += 1) {
      if (differ[i] === 0) continue;
      const a = from[i] ?? 0;
      mask[i] = a + t * ((to[i] ?? 0) - a) <= 0 ? 1 : 0;
    }
    return areaFromMask(mask, rect);
  };
}

function centreOf({ spans }: PixelArea): { x: number; y: number } {
  let [x, y, pixels] = [0, 0, 0];
  for (let i = 0; i + 2 < spans.length; i += 3) {
    const start = spans[i + 1] ?? 0;
    const end = spans[i + 2] ?? 0;
    x += ((end - start) * (start + end - 1)) / 2;
    y += (end - start) * (spans[i] ?? 0);
    pixels += end - start;
  }
  return { x: x / pixels, y: y / pixels };
}

/** The mask moved by whole pixels; what leaves the rectangle is lost. */
function moved(mask: Uint8Array, { width, height }: Rect, dx: number, dy: number): Uint8Array {
  const to = new Uint8Array(mask.length);
  for (let row = Math.max(0, -dy); row < Math.min(height, height - dy); row += 1) {
    const from = row * width + Math.max(0, -dx);
    const stop = row * width + Math.min(width, width - dx);
    if (from < stop) to.set(mask.subarray(from, stop), from + dy * width + dx);
  }
  return to;
}

function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
