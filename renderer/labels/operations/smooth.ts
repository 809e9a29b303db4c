import type { ByteField } from '../byte-field';
import { areaFromMask, type PixelArea } from '../pixel-area';

/**
 * The mask (nonzero = in) with its outline smoothed: a pixel is in when more
 * than half of the disc of `radius` (pixels) around it is, as far as the disc
 * lies in the field; half and half leaves it as it is.
 *
 * In = +1, out = −1, beyond the field = 0, and the disc's sum tells. Along a
 * row that sum changes only where a row under the disc changes, so each such
 * change is noted twice (where the disc's rim meets it first and last) and two
 * running sums give every pixel: the radius costs next to nothing.
 */
export function smoothArea(mask: ByteField, radius: number): PixelArea {
  const { rect, data } = mask;
  const { width, height } = rect;
  const reach = Math.floor(radius);
  const halves = Int32Array.from({ length: reach + 1 }, (_, dy) =>
    Math.floor(Math.sqrt(radius * radius - dy * dy)),
  );
  const { places, steps, rowStarts } = changesOf(mask);
  // The rim may meet a change up to `reach` columns before the row begins.
  const rim = new Int32Array(width + 2 * reach + 2);
  const smooth = new Uint8Array(data.length);
  for (let row = 0; row < height; row += 1) {
    rim.fill(0);
    const last = Math.min(height - 1, row + reach);
    for (let other = Math.max(0, row - reach); other <= last; other += 1) {
      const half = halves[Math.abs(other - row)] ?? 0;
      const stop = rowStarts[other + 1] ?? 0;
      for (let i = rowStarts[other] ?? 0; i < stop; i += 1) {
        const x = (places[i] ?? 0) + reach;
        const step = steps[i] ?? 0;
        rim[x - half] = (rim[x - half] ?? 0) + step;
        rim[x + half + 1] = (rim[x + half + 1] ?? 0) - step;
      }
    }
    let slope = 0;
    let sum = 0;
    for (let x = -reach; x < width; x += 1) {
      slope += rim[x + reach] ?? 0;
      sum += slope;
      if (x < 0) continue;
      const i = row * width + x;
      smooth[i] = sum > 0 || (sum === 0 && data[i] !== 0) ? 1 : 0;
    }
  }
  return areaFromMask(smooth, rect);
}

/** Where the ±1 of each row changes (0 before its first pixel and after its last), and by how much. */
function changesOf({ rect, data }: ByteField): {
  places: Int32Array;
  steps: Int8Array;
  rowStarts: Int32Array;
} {
  const { width, height } = rect;
  const rowStarts = new Int32Array(height + 1);
  let count = 0;
  for (let i = 0; i < data.length; i += 1) {
    if (i % width === 0) count += 2;
    else if ((data[i] === 0) !== (data[i - 1] === 0)) count += 1;
  }
  const places = new Int32Array(count);
  const steps = new Int8Array(count);
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    rowStarts[row] = at;
    let value = 0;
    for (let x = 0; x <= width; x += 1) {
      const next = x === width ? 0 : data[row * width + x] === 0 ? -1 : 1;
      if (next === value) continue;
      places[at] = x;
      steps[at] = next - value;
      at += 1;
      value = next;
    }
  }
  rowStarts[height] = at;
  return { places, steps, rowStarts };
}
