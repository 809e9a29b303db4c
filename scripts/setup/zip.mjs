import { createWriteStream, createReadStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { SetupError } from './console.mjs';

const endRecord = 0x06054b50;
const centralEntry = 0x02014b50;

/**
 * The entries of a zip file, from its central directory. Set-up reads archives
 * below 4 GiB without encryption; anything else is refused.
 * @returns {Promise<{ name: string, method: number, mode: number, start: number, packed: number, size: number }[]>}
 */
async function directory(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tailBytes = Math.min(size, 65_557);
    const tail = Buffer.alloc(tailBytes);
    await file.read(tail, 0, tailBytes, size - tailBytes);
    let at = tailBytes - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== endRecord) at -= 1;
    if (at < 0) throw damaged(path);
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (offset === 0xffffffff || offset + length > size) throw damaged(path);
    const bytes = Buffer.alloc(length);
    await file.read(bytes, 0, length, offset);
    const entries = [];
    for (let next = 0; next + 46 <= length;) {
      if (bytes.readUInt32LE(next) !== centralEntry) throw damaged(path);
      const nameLength = bytes.readUInt16LE(next + 28);
      const extra = bytes.readUInt16LE(next + 30);
      const comment = bytes.readUInt16LE(next + 32);
      entries.push({
        name: bytes.toString('utf8', next + 46, next + 46 + nameLength),
        method: bytes.readUInt16LE(next + 10),
        packed: bytes.readUInt32LE(next + 20),
        size: bytes.readUInt32LE(next + 24),
        mode: (bytes.readUInt32LE(next + 38) >>> 16) & 0o777,
        start: bytes.readUInt32LE(next + 42),
      });
      next += 46 + nameLength + extra + comment;
    }
    return entries;
  } finally {
    await file.close();
  }
}

/**
 * Unpacks the entries for which `place` gives a path, relative to `folder`.
 * Executable bits are kept.
 * @param {string} path
 * @param {string} folder
 * @param {(name: string) => string | undefined} place
 * @returns {Promise<number>} how many files were written
 */
export async function unzip(path, folder, place) {
  const entries = await directory(path);
  const file = await open(path);
  let written = 0;
  try {
    for (const entry of entries) {
      const target = entry.name.endsWith('/') ? undefined : place(entry.name);
      if (target === undefined) continue;
      const destination = resolve(folder, target);
      if (!destination.startsWith(resolve(folder) + sep)) throw damaged(path);
      const head = Buffer.alloc(30);
      await file.read(head, 0, 30, entry.start);
      const start = entry.start + 30 + head.readUInt16LE(26) + head.readUInt16LE(28);
      mkdirSync(dirname(destination), { recursive: true });
      const out = createWriteStream(destination, { mode: entry.mode || 0o644 });
      await unpack(path, entry, start, out).catch(() => Promise.reject(damaged(path)));
      if (out.bytesWritten !== entry.size) throw damaged(path);
      written += 1;
    }
  } finally {
    await file.close();
  }
  return written;
}

async function unpack(path, { method, packed, size }, start, out) {
  if (size === 0) {
    await pipeline(Readable.from([]), out);
    return;
  }
  const bytes = createReadStream(path, { start, end: start + packed - 1 });
  if (method === 0) await pipeline(bytes, out);
  else if (method === 8) await pipeline(bytes, createInflateRaw(), out);
  else throw damaged(path);
}

function damaged(path) {
  return new SetupError(
    `${path} is not a complete zip archive.`,
    'delete it and run the command again; it will be downloaded anew.',
  );
}
