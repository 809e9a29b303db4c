import { copyRows } from '#volume/pixel-array';

/** Rows of a part of the width are read whole and cut, in bands of this size … */
const BAND_BYTES = 8 * 2 ** 20;
/** … unless rows are at least this long and most of each would be thrown away. */
const LONG_ROW = 65_536;

/** What bytes are read from: an open file. */
export interface ByteReader {
  readInto(into: Uint8Array, offset: number, signal?: AbortSignal): Promise<number>;
}

/** Rows that lie `stride` bytes apart from `at` on; `wanted` bytes of each, `left` bytes in. */
export interface RowsAt {
  readonly at: number;
  readonly rows: number;
  readonly stride: number;
  readonly left: number;
  readonly wanted: number;
}

/**
 * Reads a part of each of some rows into `into`, one after the other.
 * @throws MembranaError file.changed, file.unreadable; AbortError
 */
export async function readRows(
  file: ByteReader,
  { at, rows, stride, left, wanted }: RowsAt,
  into: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (wanted === stride) {
    await file.readInto(into.subarray(0, rows * wanted), at, signal);
    return;
  }
  if (wanted * 8 < stride && stride > LONG_ROW) {
    for (let row = 0; row < rows; row += 1) {
      const part = into.subarray(row * wanted, (row + 1) * wanted);
      await file.readInto(part, at + row * stride + left, signal);
    }
    return;
  }
  const bandRows = Math.max(1, Math.floor(BAND_BYTES / stride));
  const scratch = new Uint8Array(Math.min(rows, bandRows) * stride);
  for (let row = 0; row < rows; row += bandRows) {
    const count = Math.min(bandRows, rows - row);
    const band = scratch.subarray(0, count * stride);
    await file.readInto(band, at + row * stride, signal);
    copyRows(band, stride, left, into, wanted, row * wanted, wanted, count);
  }
}
