import type { ByteField } from '../byte-field';
import { areaFromMask, type PixelArea } from '../pixel-area';

/**
 * The pixels of the field whose centres lie within `radius` (pixels, ≥ 0) of
 * the centre of a pixel of the mask (nonzero): dilation by an exact disc.
 * What lies outside the field is unknown and adds nothing.
 */
export function growArea(mask: ByteField, radius: number): PixelArea {
  return areaFromMask(within(mask, radius, true), mask.rect);
}

/**
 * The pixels of the mask farther than `radius` (pixels, ≥ 0) from every pixel
 * of the field outside the mask: erosion by an exact disc. The field's edge
 * takes nothing away.
 */
export function shrinkArea(mask: ByteField, radius: number): PixelArea {
  const lost = within(mask, radius, false);
  for (let i = 0; i < lost.length; i += 1) lost[i] = lost[i] === 0 ? 1 : 0;
  return areaFromMask(lost, mask.rect);
}

/**
 * 1 within `radius` of a pixel inside the mask, or of one outside it, else 0. First the distance to
 * the nearest one in the same column, by a sweep down and a sweep up; then a
 * pixel is near when, in its row, one at column distance g reaches it: g² +
 * (Δx)² ≤ radius². The farthest reach to the right so far, and to the left,
 * tells that in two more sweeps, whatever the radius.
 */
function within({ rect, data }: ByteField, radius: number, inside: boolean): Uint8Array {
  const { width, height } = rect;
  const far = Math.floor(radius) + 1;
  const column = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i += 1) {
    if ((data[i] !== 0) === inside) continue;
    const above = i < width ? far : (column[i - width] ?? 0) + 1;
    column[i] = above < far ? above : far;
  }
  for (let i = data.length - width - 1; i >= 0; i -= 1) {
    const below = (column[i + width] ?? 0) + 1;
    if (below < (column[i] ?? 0)) column[i] = below;
  }
  const reach = new Int32Array(far + 1);
  for (let g = 0; g < far; g += 1) reach[g] = Math.floor(Math.sqrt(radius * radius - g * g));
  reach[far] = -1;
  const near = new Uint8Array(data.length);
  for (let row = 0; row < height; row += 1) {
    const from = row * width;
    let right = -1;
    for (let x = 0; x < width; x += 1) {
      const to = x + (reach[column[from + x] ?? 0] ?? 0);
      if (to > right) right = to;
      if (x <= right) near[from + x] = 1;
    }
    let left = width;
    for (let x = width - 1; x >= 0; x -= 1) {
      const to = x - (reach[column[from + x] ?? 0] ?? 0);
      if (to < left) left = to;
      if (x >= left) near[from + x] = 1;
    }
  }
  return near;
}
