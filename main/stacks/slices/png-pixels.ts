import type { Chunk } from '#volume/chunk-source';
import { newPixels, type PixelArray } from '#volume/pixel-array';
import { decodeDeflate } from '../tiff/codecs/inflate';
import { type PngLayout, pngParts, readPngLayout } from './png-head';

/**
 * The pixels of a PNG (specification of 2003, sections 9 and 13). Rows before
 * the first one that can't be had are good.
 * @throws MembranaError as `readPngLayout`
 */
export async function decodePng(name: string, bytes: Uint8Array): Promise<Chunk> {
  const layout = readPngLayout(name, bytes);
  const { width, height } = layout.head;
  const rowBytes = Math.ceil((width * layout.stored * layout.bits) / 8);
  const parts: Uint8Array[] = [];
  let cut = true;
  for (const part of pngParts(bytes)) {
    if (part.type === 'IDAT') parts.push(part.data);
    if (part.type === 'IEND') cut = false;
  }
  const { data, problem } = await decodeDeflate(Buffer.concat(parts), (rowBytes + 1) * height);
  const whole = Math.floor(data.byteLength / (rowBytes + 1));
  const pixel = Math.max(1, (layout.stored * layout.bits) >> 3);
  const { rows, good } = unfilter(data, rowBytes, whole, pixel);
  const pixels = newPixels(layout.head.type, width * height * layout.head.samples);
  unpack(rows, good, layout, pixels);
  if (good === height) return { pixels, problem: null };
  const reason =
    problem ??
    (good < whole ? 'a row has a filter that does not exist' : `truncated at row ${good}`);
  const state = cut && problem === null ? 'truncated' : 'corrupt';
  return { pixels, problem: { state, reason, goodRows: good } };
}

/** Rows without their filters, and how many are good. `pixel` is the distance in bytes to the left neighbour. */
function unfilter(
  data: Uint8Array,
  rowBytes: number,
  whole: number,
  pixel: number,
): { readonly rows: Uint8Array; readonly good: number } {
  const rows = new Uint8Array(rowBytes * whole);
  for (let row = 0; row < whole; row += 1) {
    const from = row * (rowBytes + 1);
    const to = row * rowBytes;
    const filter = data[from] ?? 0;
    if (filter > 4) return { rows, good: row };
    rows.set(data.subarray(from + 1, from + 1 + rowBytes), to);
    undo(filter, rows, to, rowBytes, pixel, row > 0);
  }
  return { rows, good: whole };
}

/** Adds to each byte of a row, in place, what its filter took it for: one loop a filter, since these are the bulk of the time. */
function undo(
  filter: number,
  rows: Uint8Array,
  start: number,
  length: number,
  pixel: number,
  hasAbove: boolean,
): void {
  const end = start + length;
  switch (filter) {
    case 1:
      for (let at = start + pixel; at < end; at += 1)
        rows[at] = (rows[at] ?? 0) + (rows[at - pixel] ?? 0);
      return;
    case 2:
      if (!hasAbove) return;
      for (let at = start; at < end; at += 1) rows[at] = (rows[at] ?? 0) + (rows[at - length] ?? 0);
      return;
    case 3:
    case 4: {
      for (let at = start; at < end; at += 1) {
        const left = at - pixel < start ? 0 : (rows[at - pixel] ?? 0);
        const up = hasAbove ? (rows[at - length] ?? 0) : 0;
        const corner = hasAbove && at - pixel >= start ? (rows[at - length - pixel] ?? 0) : 0;
        rows[at] = (rows[at] ?? 0) + (filter === 3 ? (left + up) >> 1 : nearest(left, up, corner));
      }
    }
  }
}

/** Paeth's predictor: the neighbour that left + up − corner is nearest to. */
function nearest(left: number, up: number, corner: number): number {
  const a = Math.abs(up - corner);
  const b = Math.abs(left - corner);
  const c = Math.abs(left + up - 2 * corner);
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Values of the good rows: whole bytes as they are, fewer bits spread over 0 to 255, indices as their colours. */
function unpack(rows: Uint8Array, good: number, layout: PngLayout, pixels: PixelArray): void {
  const { head, bits, stored, palette, colour } = layout;
  const { width, samples } = head;
  if (bits === 16) {
    for (let at = 0; at < good * width * stored; at += 1)
      pixels[at] = ((rows[2 * at] ?? 0) << 8) | (rows[2 * at + 1] ?? 0);
    return;
  }
  const perByte = 8 / bits;
  const rowBytes = Math.ceil((width * stored) / perByte);
  const most = 2 ** bits - 1;
  const spread = 255 / most;
  for (let y = 0, to = 0; y < good; y += 1)
    for (let x = 0; x < width * stored; x += 1) {
      const byte = rows[y * rowBytes + Math.floor(x / perByte)] ?? 0;
      const value = (byte >> (8 - bits * ((x % perByte) + 1))) & most;
      if (colour !== 'palette') {
        pixels[to] = value * spread;
        to += 1;
        continue;
      }
      // An index beyond the palette is black, as in other readers.
      const shown = palette[value] ?? [0, 0, 0, 255];
      const grey = head.meaning.kind === 'grey';
      for (let sample = 0; sample < samples; sample += 1)
        pixels[to + sample] = shown[grey && sample === 1 ? 3 : sample] ?? 0;
      to += samples;
    }
}
