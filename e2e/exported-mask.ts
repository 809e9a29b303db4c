import { readFile } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';

/** A picture of one byte a pixel, row by row. */
export interface BytePicture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

const [WIDTH, HEIGHT, COMPRESSION, OFFSETS, COUNTS] = [256, 257, 259, 273, 279];
const PLAIN = 1;

/** The first page of an exported TIFF: little-endian, bytes, deflated strips. Read from the specification, not with the app's own reader. */
export async function firstPage(path: string): Promise<BytePicture> {
  const [page] = await allPages(path);
  if (page === undefined) throw new Error(`${path} has no page`);
  return page;
}

/** All pages of a classic little-endian TIFF of bytes, strips plain or deflated. */
export async function allPages(path: string): Promise<BytePicture[]> {
  const file = await readFile(path);
  if (file.toString('latin1', 0, 2) !== 'II' || file.readUInt16LE(2) !== 42)
    throw new Error(`${path} is no classic little-endian TIFF`);
  const pages: BytePicture[] = [];
  for (let at = file.readUInt32LE(4); at !== 0;) {
    pages.push(pageAt(file, at, path));
    at = file.readUInt32LE(at + 2 + 12 * file.readUInt16LE(at));
  }
  return pages;
}

function pageAt(file: Buffer, directory: number, path: string): BytePicture {
  const tags = new Map<number, number[]>();
  for (let i = 0; i < file.readUInt16LE(directory); i += 1) {
    const entry = directory + 2 + 12 * i;
    const [tag, type, count] = [
      file.readUInt16LE(entry),
      file.readUInt16LE(entry + 2),
      file.readUInt32LE(entry + 4),
    ];
    const bytes = type === 3 ? 2 : 4;
    const at = count * bytes <= 4 ? entry + 8 : file.readUInt32LE(entry + 8);
    if (type === 3 || type === 4)
      tags.set(
        tag,
        Array.from({ length: count }, (_, k) => file.readUIntLE(at + k * bytes, bytes)),
      );
  }
  const counts = tags.get(COUNTS) ?? [];
  const [compression] = tags.get(COMPRESSION) ?? [];
  const strips = (tags.get(OFFSETS) ?? []).map((offset, i) => {
    const strip = file.subarray(offset, offset + (counts[i] ?? 0));
    return compression === PLAIN ? strip : inflateSync(strip);
  });
  const [width = 0] = tags.get(WIDTH) ?? [];
  const [height = 0] = tags.get(HEIGHT) ?? [];
  const bytes = new Uint8Array(Buffer.concat(strips));
  if (bytes.length !== width * height) throw new Error(`${path} has not a byte for every pixel`);
  return { width, height, bytes };
}
