import { writeFile } from 'node:fs/promises';

const SHORT = 3;
const LONG = 4;
const TAGS = 10;
const DIRECTORY = 2 + TAGS * 12 + 4;

/** Writes a label stack of 32-bit ids, a strip a page, as other programs do. */
export async function writeIds(
  path: string,
  size: { readonly width: number; readonly height: number; readonly pages: number },
  idAt: (x: number, y: number, z: number) => number,
): Promise<void> {
  const { width, height, pages } = size;
  const bytes = width * height * 4;
  const file = Buffer.alloc(8 + pages * (bytes + DIRECTORY));
  file.write('II');
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(8 + bytes, 4);
  for (let z = 0; z < pages; z += 1) {
    const pixels = 8 + z * (bytes + DIRECTORY);
    for (let i = 0; i < width * height; i += 1)
      file.writeUInt32LE(idAt(i % width, Math.floor(i / width), z), pixels + 4 * i);
    const tags: readonly (readonly [number, number, number])[] = [
      [256, LONG, width],
      [257, LONG, height],
      [258, SHORT, 32],
      [259, SHORT, 1],
      [262, SHORT, 1],
      [273, LONG, pixels],
      [277, SHORT, 1],
      [278, LONG, height],
      [279, LONG, bytes],
      [339, SHORT, 1],
    ];
    const at = pixels + bytes;
    file.writeUInt16LE(tags.length, at);
    for (const [n, [tag, type, value]] of tags.entries()) {
      const entry = at + 2 + n * 12;
      file.writeUInt16LE(tag, entry);
      file.writeUInt16LE(type, entry + 2);
      file.writeUInt32LE(1, entry + 4);
      file.writeUInt32LE(value, entry + 8);
    }
    const next = z + 1 < pages ? at + DIRECTORY + bytes : 0;
    file.writeUInt32LE(next, at + 2 + TAGS * 12);
  }
  await writeFile(path, file);
}
