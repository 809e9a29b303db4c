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
  /** ImageDescription of every page. */
  readonly description?: string;
}

/** An 8-bit TIFF, every page one strip with its directory behind it. */
export async function writeTiff(path: string, tiff: PlainTiff): Promise<string> {
  const { width, height, pages = 1, compression = 1, value = (x, y) => (x * y) % 251 } = tiff;
  const text = tiff.description === undefined ? null : Buffer.from(`${tiff.description}\0`);
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
    const entries: (readonly [tag: number, value: number, length?: number])[] = [
      [256, width],
      [257, height],
      [258, 8],
      [259, compression],
      [262, 1],
      ...(text === null ? [] : [[270, at, text.length] as const]),
      [273, at + (text?.length ?? 0)],
      [277, 1],
      [278, height],
      [279, pixels.length],
    ];
    const directory = Buffer.alloc(2 + entries.length * 12 + 4);
    directory.writeUInt16LE(entries.length, 0);
    entries.forEach(([tag, number, length], i) => {
      directory.writeUInt16LE(tag, 2 + i * 12);
      // Letters, or one 32-bit number.
      directory.writeUInt16LE(length === undefined ? 4 : 2, 4 + i * 12);
      directory.writeUInt32LE(length ?? 1, 6 + i * 12);
      directory.writeUInt32LE(number, 10 + i * 12);
    });
    const before = [...(text === null ? [] : [text]), pixels];
    at += before.reduce((sum, { length }) => sum + length, 0);
    link.part.writeUInt32LE(at, link.offset);
    link = { part: directory, offset: directory.length - 4 };
    parts.push(...before, directory);
    at += directory.length;
  }
  await writeFile(path, Buffer.concat(parts));
  return path;
}

/** The project at `folder` as one that only a later version may read. */
export async function makeNewer(folder: string): Promise<void> {
  const path = join(folder, 'project.json');
  const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeSealed(path, { ...content, format: 99, minimumReader: 99 });
}

/** Writes a document of a project under the checksum of what it holds now. */
export async function writeSealed(
  path: string,
  document: Readonly<Record<string, unknown>>,
): Promise<void> {
  const content = { ...document };
  delete content['checksum'];
  const checksum = crc32(JSON.stringify(content)).toString(16).padStart(8, '0');
  await writeFile(path, JSON.stringify({ ...content, checksum }));
}
