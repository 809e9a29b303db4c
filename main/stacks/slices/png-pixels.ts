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
    for (let at = 0; at < rowBytes; at += 1) {
      const left = at < pixel ? 0 : (rows[to + at - pixel] ?? 0);
      const up = row === 0 ? 0 : (rows[to - rowBytes + at] ?? 0);
      const corner = at < pixel || row === 0 ? 0 : (rows[to - rowBytes + at - pixel] ?? 0);
      rows[to + at] = (data[from + 1 + at] ?? 0) + predicted(filter, left, up, corner);
    }
  }
  return { rows, good: whole };
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const [a, b, c] = [
        Math.abs(up - corner),
        Math.abs(left - corner),
        Math.abs(left + up - 2 * corner),
      ];
      if (a <= b && a <= c) return left;
      return b <= c ? up : corner;
    }
    default:
      return 0;
  }
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
