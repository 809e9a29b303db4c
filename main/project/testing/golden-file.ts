import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';

/** What a golden project must open as. */
export const GoldenFacts = z.object({
  format: z.int(),
  lastSequence: z.int(),
  /** Strokes past the last checkpoint: the project was copied while it was open. */
  unsaved: z.int(),
  history: z.int(),
  /** SHA-256 of the label bytes of each slice. */
  slices: z.array(z.string()),
  classes: z.array(z.record(z.string(), z.unknown())),
  model: z.string().nullable(),
  voxel: z.number(),
  versions: z.array(z.string()).default([]),
});
export type GoldenFacts = z.infer<typeof GoldenFacts>;

const Files = z.record(z.string(), z.base64());
/** Kept by whoever has the project open, or made again. */
const left = new Set(['lock', 'cache']);

/** A project folder in one file: gzipped JSON, path → base64. */
export async function packFolder(folder: string, file: string): Promise<void> {
  const files: Record<string, string> = {};
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    if (left.has(path.split('/')[0] ?? '')) continue;
    files[path] = (await readFile(join(folder, path))).toString('base64');
  }
  await writeFile(file, await promisify(gzip)(JSON.stringify(files), { level: 9 }));
}

export async function unpackFolder(file: string, folder: string): Promise<void> {
  const text = (await promisify(gunzip)(await readFile(file))).toString();
  for (const [path, content] of Object.entries(Files.parse(JSON.parse(text)))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), Buffer.from(content, 'base64'));
  }
}
