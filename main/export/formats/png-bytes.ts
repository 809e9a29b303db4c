import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const compress = promisify(deflate);
const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const NM_A_METRE = 1e9;
const MOST_A_METRE = 2 ** 31 - 1;

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function header(width: number, height: number, bits: 8 | 16): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([bits, 0, 0, 0, 0], 8);
  return chunk('IHDR', data);
}

/** Pixels a metre, which has room for pixels of 0.5 nm and more. */
function physical(x: number | null, y: number | null): Uint8Array[] {
  if (x === null || y === null) return [];
  const [across, down] = [Math.round(NM_A_METRE / x), Math.round(NM_A_METRE / y)];
  if (Math.max(across, down) > MOST_A_METRE || Math.min(across, down) < 1) return [];
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  view.setUint32(0, across);
  view.setUint32(4, down);
  data[8] = 1;
  return [chunk('pHYs', data)];
}

/**
 * A grey PNG of 8 or 16 bits. `pixels`: rows, little-endian; `x`, `y`: nm a
 * pixel, null = unknown.
 */
export async function encodePng(
  pixels: Uint8Array,
  shape: { readonly width: number; readonly height: number; readonly bits: 8 | 16 },
  { x, y }: { readonly x: number | null; readonly y: number | null },
): Promise<Uint8Array> {
  const { width, height, bits } = shape;
  const rowBytes = (width * bits) / 8;
  const rows = new Uint8Array((rowBytes + 1) * height);
  for (let row = 0; row < height; row += 1)
    rows.set(pixels.subarray(row * rowBytes, (row + 1) * rowBytes), row * (rowBytes + 1) + 1);
  if (bits === 16) {
    for (let row = 0; row < height; row += 1)
      Buffer.from(rows.buffer, row * (rowBytes + 1) + 1, rowBytes).swap16();
  }
  return Buffer.concat([
    SIGNATURE,
    header(width, height, bits),
    ...physical(x, y),
    chunk('IDAT', await compress(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}
