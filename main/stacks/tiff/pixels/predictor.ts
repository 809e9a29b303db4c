import type { PixelArray } from '#volume/pixel-array';

/**
 * Undoes horizontal differencing in place (predictor 2): each value is the
 * difference to the one `samples` before it, modulo its type. Works on values in
 * native byte order; floats are differenced as integers of their size.
 */
export function undoDifferencing(pixels: PixelArray, rowLength: number, samples: number): void {
  if (pixels instanceof BigUint64Array || pixels instanceof BigInt64Array) {
    const integers = new BigUint64Array(pixels.buffer, pixels.byteOffset, pixels.length);
    for (let row = 0; row < integers.length; row += rowLength) {
      const end = Math.min(row + rowLength, integers.length);
      for (let at = row + samples; at < end; at += 1)
        integers[at] = (integers[at] ?? 0n) + (integers[at - samples] ?? 0n);
    }
    return;
  }
  if (pixels instanceof Float64Array) {
    const integers = new BigUint64Array(pixels.buffer, pixels.byteOffset, pixels.length);
    undoDifferencing(integers, rowLength, samples);
    return;
  }
  const integers =
    pixels instanceof Float32Array
      ? new Uint32Array(pixels.buffer, pixels.byteOffset, pixels.length)
      : pixels;
  for (let row = 0; row < integers.length; row += rowLength) {
    const end = Math.min(row + rowLength, integers.length);
    for (let at = row + samples; at < end; at += 1)
      integers[at] = (integers[at] ?? 0) + (integers[at - samples] ?? 0);
  }
}

/**
 * Undoes the floating-point predictor (3) of one row (Adobe TIFF technical note
 * 3): bytes are differenced, then stored by significance, the highest plane
 * first. `row` becomes values of `bytes` bytes each, in little-endian order.
 */
export function undoFloatRow(
  row: Uint8Array,
  bytes: number,
  samples: number,
  scratch: Uint8Array,
): void {
  for (let at = samples; at < row.length; at += 1)
    row[at] = (row[at] ?? 0) + (row[at - samples] ?? 0);
  scratch.set(row);
  const count = row.length / bytes;
  for (let plane = 0; plane < bytes; plane += 1) {
    const from = plane * count;
    const to = bytes - 1 - plane;
    for (let index = 0; index < count; index += 1)
      row[index * bytes + to] = scratch[from + index] ?? 0;
  }
}
