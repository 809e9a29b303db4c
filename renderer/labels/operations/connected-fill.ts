import { indexAt, type ByteField } from '../byte-field';
import { areaFromMask, emptyArea, type PixelArea } from '../pixel-area';
import type { Point } from '../rasterize';

/**
 * The 4-connected pixels around `seed` whose bytes `accepts` (by byte, nonzero
 * = yes) lets in; empty where the seed lies outside the field or is refused
 * itself. Goes by whole spans: a span waits once for the row above and once
 * for the row below.
 */
export function connectedArea(field: ByteField, seed: Point, accepts: Uint8Array): PixelArea {
  const { rect, data } = field;
  const { width, height } = rect;
  const at = indexAt(field, seed);
  if (at < 0 || accepts[data[at] ?? 0] === 0) return emptyArea;
  const filled = new Uint8Array(data.length);
  // row, first, last of spans whose neighbours are still to be looked at.
  const waiting: number[] = [];
  const bounds = { left: width, right: 0, top: height, bottom: 0 };

  const open = (i: number): boolean => filled[i] === 0 && accepts[data[i] ?? 0] !== 0;
  /** Fills the whole span around column x of a row, which is open there; its end. */
  const fillSpan = (row: number, x: number): number => {
    const from = row * width;
    let first = x;
    while (first > 0 && open(from + first - 1)) first -= 1;
    let end = x + 1;
    while (end < width && open(from + end)) end += 1;
    filled.fill(1, from + first, from + end);
    waiting.push(row, first, end);
    if (first < bounds.left) bounds.left = first;
    if (end > bounds.right) bounds.right = end;
    if (row < bounds.top) bounds.top = row;
    if (row > bounds.bottom) bounds.bottom = row;
    return end;
  };
  const lookAlong = (row: number, first: number, end: number): void => {
    if (row < 0 || row >= height) return;
    const from = row * width;
    for (let x = first; x < end; x += 1) if (open(from + x)) x = fillSpan(row, x);
  };

  fillSpan(Math.floor(at / width), at % width);
  while (waiting.length > 0) {
    const end = waiting.pop() ?? 0;
    const first = waiting.pop() ?? 0;
    const row = waiting.pop() ?? 0;
    lookAlong(row - 1, first, end);
    lookAlong(row + 1, first, end);
  }
  return areaWithin(filled, field, bounds);
}

function areaWithin(
  filled: Uint8Array,
  { rect }: ByteField,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): PixelArea {
  const part = {
    x: rect.x + left,
    y: rect.y + top,
    width: right - left,
    height: bottom + 1 - top,
  };
  const mask = new Uint8Array(part.width * part.height);
  for (let row = 0; row < part.height; row += 1) {
    const from = (top + row) * rect.width + left;
    mask.set(filled.subarray(from, from + part.width), row * part.width);
  }
  return areaFromMask(mask, part);
}
