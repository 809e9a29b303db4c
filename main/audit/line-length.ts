import type { BitPlane } from '#contract/mask/bit-plane';
import type { Rect } from '#contract/tiles';

/**
 * Steps from pixel centre to pixel centre are too long on the average of all
 * directions by this much: π (1 + √2) / 8 (Z. Kulpa, "Area and perimeter
 * measurement of blobs in discrete binary pictures", Computer Graphics and
 * Image Processing 6 (1977) 434–451).
 */
const KULPA = (Math.PI * (1 + Math.SQRT2)) / 8;

/**
 * Length of a thinned line within a part of the slice, in units of `pixel`
 * (edge lengths of a pixel): the steps between neighbouring pixels, a diagonal
 * one only where no two straight ones lead round it. A step belongs to the
 * part that holds its upper, else its left pixel, so that parts add up.
 */
export function lineLength(
  line: BitPlane,
  { x: left, y: top, width, height }: Rect,
  pixel: { readonly x: number; readonly y: number },
): number {
  const on = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < line.width && y < line.height && line.has(x, y);
  const diagonal = Math.hypot(pixel.x, pixel.y);
  let length = 0;
  for (let y = top; y < top + height; y += 1)
    for (let x = left; x < left + width; x += 1) {
      if (!on(x, y)) continue;
      const [right, below] = [on(x + 1, y), on(x, y + 1)];
      if (right) length += pixel.x;
      if (below) length += pixel.y;
      if (!right && !below && on(x + 1, y + 1)) length += diagonal;
      if (!below && !on(x - 1, y) && on(x - 1, y + 1)) length += diagonal;
    }
  return length * KULPA;
}
