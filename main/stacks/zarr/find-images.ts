import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isImage } from './multiscales';
import { readNode } from './read-metadata';

/** Images and arrays that are listed for a person to choose from. */
const MOST_FOUND = 50;
const DEEPEST = 4;
/** Folders that are looked into. */
const MOST_FOLDERS = 2000;

/** An image, or an array that belongs to none, below a group. */
export interface FoundImage {
  /** Relative to the group, `/` between parts. */
  readonly path: string;
  readonly kind: 'image' | 'array';
}

/** The images and arrays in the folders below a group, so many at most; what is below an image belongs to it. */
export async function findImages(
  group: string,
  name: string,
  signal: AbortSignal,
): Promise<FoundImage[]> {
  const found: FoundImage[] = [];
  let looked = 0;
  const look = async (path: readonly string[]): Promise<void> => {
    const entries = await readdir(join(group, ...path), { withFileTypes: true }).catch(() => []);
    const folders = entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
    for (const folder of folders) {
      looked += 1;
      if (found.length >= MOST_FOUND || looked > MOST_FOLDERS) return;
      signal.throwIfAborted();
      const below = [...path, folder];
      const node = await readNode(join(group, ...below), name).catch(() => null);
      if (node === null) continue;
      const kind = node.kind === 'array' ? 'array' : isImage(node.attributes) ? 'image' : null;
      if (kind !== null) found.push({ path: below.join('/'), kind });
      else if (below.length < DEEPEST) await look(below);
    }
  };
  await look([]);
  return found;
}
