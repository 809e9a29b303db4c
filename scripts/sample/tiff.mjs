import { deflateSync, inflateSync } from 'node:zlib';

const sizes = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };

function readDirectory(bytes, offset) {
  const fields = new Map();
  const entries = bytes.readUInt16LE(offset);
  for (let i = 0; i < entries; i += 1) {
    const at = offset + 2 + 12 * i;
    const type = bytes.readUInt16LE(at + 2);
    const count = bytes.readUInt32LE(at + 4);
    const size = sizes[type] ?? 1;
    const start = size * count <= 4 ? at + 8 : bytes.readUInt32LE(at + 8);
    const values = [];
    for (let k = 0; k < count; k += 1) {
      if (size === 1) values.push(bytes.readUInt8(start + k));
      else if (size === 2) values.push(bytes.readUInt16LE(start + 2 * k));
      else values.push(bytes.readUInt32LE(start + size * k));
    }
    fields.set(bytes.readUInt16LE(at), values);
  }
  return { fields, next: bytes.readUInt32LE(offset + 2 + 12 * entries) };
}

/**
 * Reads what the source stacks are: little-endian, 8-bit grey, strips,
 * uncompressed or deflate without predictor. An ImageJ stack that has one
 * directory and its pages one after the other works as well.
 * @returns {{ width: number, height: number, pages: Uint8Array[] }}
 */
export function readGreyStack(bytes) {
  if (bytes.toString('latin1', 0, 4) !== 'II*\0') throw new Error('not a little-endian TIFF');
  const pages = [];
  let width = 0;
  let height = 0;
  for (let offset = bytes.readUInt32LE(4); offset !== 0;) {
    const { fields, next } = readDirectory(bytes, offset);
    const one = (tag, fallback) => fields.get(tag)?.[0] ?? fallback;
    width = one(256);
    height = one(257);
    const compression = one(259, 1);
    if (
      one(258) !== 8 ||
      one(277, 1) !== 1 ||
      one(317, 1) !== 1 ||
      ![1, 8, 32946].includes(compression)
    )
      throw new Error('not an 8-bit grey TIFF of a kind that this script reads');
    const starts = fields.get(273);
    const counts = fields.get(279);
    const description = Buffer.from(fields.get(270) ?? []).toString('latin1');
    const images = Number(/images=(\d+)/.exec(description)?.[1] ?? 1);
    if (next === 0 && pages.length === 0 && images > 1) {
      const size = width * height;
      for (let z = 0; z < images; z += 1)
        pages.push(bytes.subarray(starts[0] + z * size, starts[0] + (z + 1) * size));
      break;
    }
    const strips = starts.map((start, i) => {
      const strip = bytes.subarray(start, start + counts[i]);
      return compression === 1 ? strip : inflateSync(strip);
    });
    pages.push(Buffer.concat(strips));
    offset = next;
  }
  return { width, height, pages };
}

const STRIP_ROWS = 128;

/**
 * An 8-bit grey multi-page TIFF, deflate with horizontal differencing where
 * `differencing`, that ImageJ opens with its voxel size (nanometres).
 * @returns {Buffer}
 */
export function greyStack({ width, height, pages, voxel, differencing }) {
  const parts = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let length = 8;
  const append = (buffer) => {
    const padded = buffer.length % 2 === 0 ? buffer : Buffer.concat([buffer, Buffer.alloc(1)]);
    const at = length;
    parts.push(padded);
    length += padded.length;
    return at;
  };
  const pointers = [];
  const description = `ImageJ=1.54f\nimages=${pages.length}\nslices=${pages.length}\nunit=nm\nspacing=${voxel.z}\nloop=false\n\0`;
  for (const [z, page] of pages.entries()) {
    const strips = [];
    for (let y = 0; y < height; y += STRIP_ROWS) {
      const rows = Buffer.from(page.subarray(y * width, Math.min(height, y + STRIP_ROWS) * width));
      if (differencing) difference(rows, width);
      strips.push(deflateSync(rows, { level: 9 }));
    }
    const starts = strips.map((strip) => append(strip));
    const array = (values) => {
      const buffer = Buffer.alloc(4 * values.length);
      values.forEach((value, i) => buffer.writeUInt32LE(value, 4 * i));
      return values.length === 1 ? values[0] : append(buffer);
    };
    const rational = Buffer.alloc(8);
    rational.writeUInt32LE(1_000_000, 0);
    rational.writeUInt32LE(Math.round(voxel.x * 1_000_000), 4);
    const resolution = append(rational);
    const entries = [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 1, 8],
      [259, 3, 1, 8],
      [262, 3, 1, 1],
      ...(z === 0
        ? [[270, 2, description.length, append(Buffer.from(description, 'latin1'))]]
        : []),
      [273, 4, starts.length, array(starts)],
      [277, 3, 1, 1],
      [278, 4, 1, STRIP_ROWS],
      [279, 4, strips.length, array(strips.map((strip) => strip.length))],
      [282, 5, 1, resolution],
      [283, 5, 1, resolution],
      [296, 3, 1, 1],
      [317, 3, 1, differencing ? 2 : 1],
    ];
    const directory = Buffer.alloc(2 + 12 * entries.length + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, type, count, value], i) => {
      directory.writeUInt16LE(tag, 2 + 12 * i);
      directory.writeUInt16LE(type, 4 + 12 * i);
      directory.writeUInt32LE(count, 6 + 12 * i);
      if (type === 3) directory.writeUInt16LE(value, 10 + 12 * i);
      else directory.writeUInt32LE(value, 10 + 12 * i);
    });
    pointers.push({ at: append(directory), next: 2 + 12 * entries.length });
  }
  const file = Buffer.concat(parts);
  file.writeUInt32LE(pointers[0].at, 4);
  pointers.slice(1).forEach(({ at }, i) => {
    file.writeUInt32LE(at, pointers[i].at + pointers[i].next);
  });
  return file;
}

function difference(rows, width) {
  for (let start = 0; start < rows.length; start += width)
    for (let x = width - 1; x > 0; x -= 1)
      rows[start + x] = (rows[start + x] - rows[start + x - 1]) & 0xff;
}

/** A rectangle of a page. */
export function crop(page, width, { x, y, size }) {
  const out = Buffer.alloc(size * size);
  for (let row = 0; row < size; row += 1)
    out.set(page.subarray((y + row) * width + x, (y + row) * width + x + size), row * size);
  return out;
}
