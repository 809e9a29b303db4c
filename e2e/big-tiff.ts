import { open } from 'node:fs/promises';

/** BigTIFF type codes. */
const SHORT = 3;
const LONG = 4;
const LONG8 = 16;

const PIXELS_AT = 4096;

/** Values that are the same in every run. */
export function bigValue(x: number, y: number, z: number): number {
  return ((x >> 3) + (y >> 2) + z * 31) & 255;
}

/**
 * A BigTIFF of 8-bit slices that takes little of the disk: a sparse file, in
 * which the slices `real` hold `bigValue` in their first `rows` rows and all
 * else is zero, as it would be in a file that was never filled.
 */
export async function writeBigTiff(
  path: string,
  {
    side,
    depth,
    rows,
    real,
  }: {
    readonly side: number;
    readonly depth: number;
    readonly rows: number;
    readonly real: readonly number[];
  },
): Promise<string> {
  const page = side * side;
  const tags = 9;
  const directory = 8 + tags * 20 + 8;
  const file = await open(path, 'w');
  try {
    const header = Buffer.alloc(16);
    header.write('II');
    header.writeUInt16LE(43, 2);
    header.writeUInt16LE(8, 4);
    const first = PIXELS_AT + page * depth;
    header.writeBigUInt64LE(BigInt(first), 8);
    await file.write(header, 0, header.length, 0);
    const directories = Buffer.alloc(directory * depth);
    for (let z = 0; z < depth; z += 1) {
      let at = z * directory;
      directories.writeBigUInt64LE(BigInt(tags), at);
      at += 8;
      for (const [tag, type, value] of [
        [256, LONG, side],
        [257, LONG, side],
        [258, SHORT, 8],
        [259, SHORT, 1],
        [262, SHORT, 1],
        [273, LONG8, PIXELS_AT + z * page],
        [277, SHORT, 1],
        [278, LONG, side],
        [279, LONG8, page],
      ] as const) {
        directories.writeUInt16LE(tag, at);
        directories.writeUInt16LE(type, at + 2);
        directories.writeBigUInt64LE(1n, at + 4);
        directories.writeBigUInt64LE(BigInt(value), at + 12);
        at += 20;
      }
      const next = z + 1 < depth ? first + (z + 1) * directory : 0;
      directories.writeBigUInt64LE(BigInt(next), at);
    }
    await file.write(directories, 0, directories.length, first);
    const part = Buffer.alloc(side * rows);
    for (const z of real) {
      for (let i = 0; i < part.length; i += 1)
        part[i] = bigValue(i % side, Math.floor(i / side), z);
      await file.write(part, 0, part.length, PIXELS_AT + z * page);
    }
  } finally {
    await file.close();
  }
  return path;
}
