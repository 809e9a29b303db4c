import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

export interface PlainTiff {
  readonly width: number;
  readonly height: number;
  readonly pages?: number;
  /** TIFF compression number; the pixels are written plain whatever it says. */
  readonly compression?: number;
  readonly value?: (x: number, y: number, z: number) => number;
}

/** An 8-bit TIFF, every page one strip with its directory behind it. */
export async function writeTiff(path: string, tiff: PlainTiff): Promise<string> {
  const { width, height, pages = 1, compression = 1, value = (x, y) => (x * y) % 251 } = tiff;
  const header = Buffer.alloc(8);
  header.write('II');
  header.writeUInt16LE(42, 2);
  const parts = [header];
  let at = 8;
  let link = { part: header, offset: 4 };
  for (let z = 0; z < pages; z += 1) {
    const pixels = Buffer.alloc(width * height);
    for (let i = 0; i < pixels.length; i += 1)
      pixels[i] = value(i % width, Math.floor(i / width), z);
    const entries = [
      [256, width],
      [257, height],
      [258, 8],
      [259, compression],
      [262, 1],
      [273, at],
      [277, 1],
      [278, height],
      [279, pixels.length],
    ] as const;
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, number], i) => {
      directory.writeUInt16LE(tag, 2 + i * 12);
      directory.writeUInt16LE(4, 4 + i * 12);
      directory.writeUInt32LE(1, 6 + i * 12);
      directory.writeUInt32LE(number, 10 + i * 12);
    });
    link.part.writeUInt32LE(at + pixels.length, link.offset);
    link = { part: directory, offset: directory.length - 4 };
    parts.push(pixels, directory);
    at += pixels.length + directory.length;
  }
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** The project at `folder` as one that only a later version may read. */
export async function makeNewer(folder: string): Promise<void> {
  const path = join(folder, 'project.json');
  const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  delete content['checksum'];
  const newer = { ...content, format: 99, minimumReader: 99 };
  const checksum = crc32(JSON.stringify(newer)).toString(16).padStart(8, '0');
  await writeFile(path, JSON.stringify({ ...newer, checksum }));
}
