import { crc32, deflateSync } from 'node:zlib';

function chunk(kind: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** A PNG of 8-bit pixels, row-major, with 1 (grey) or 3 (RGB) channels. */
export function png(pixels: Uint8Array, width: number, height: number, channels: 1 | 3): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  header.writeUInt8(channels === 1 ? 0 : 2, 9);
  const row = width * channels;
  const lines = Buffer.alloc((row + 1) * height);
  for (let y = 0; y < height; y += 1)
    lines.set(pixels.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** Grey pixels with the mask's pixels tinted. */
export function tinted(
  grey: Uint8Array,
  mask: (index: number) => boolean,
  [red, green, blue]: readonly [number, number, number],
): Uint8Array {
  const out = new Uint8Array(grey.length * 3);
  grey.forEach((value, i) => {
    const on = mask(i);
    out[i * 3] = on ? (value + red) / 2 : value;
    out[i * 3 + 1] = on ? (value + green) / 2 : value;
    out[i * 3 + 2] = on ? (value + blue) / 2 : value;
  });
  return out;
}
