import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { VoxelArray } from '#volume/voxel-edit';

/** What a golden project must open as. */
export const GoldenFacts = z.object({
  format: z.int(),
  lastSequence: z.int(),
  /** Strokes past the last checkpoint: the project was copied while it was open. */
  unsaved: z.int(),
  history: z.int(),
  /** SHA-256 of the label bytes of each slice. */
  slices: z.array(z.string()),
  /** SHA-256 of the voxels of each slice of each layer of each stack, by "stack/layer"; before format 4 there was one. */
  layers: z.record(z.string(), z.array(z.string())).default({}),
  /** As the format wrote them: an older one says less of a class. */
  classes: z.array(z.looseObject({ id: z.int(), name: z.string() })),
  model: z.string().nullable(),
  voxel: z.number(),
  versions: z.array(z.string()).default([]),
});
export type GoldenFacts = z.infer<typeof GoldenFacts>;

/** SHA-256 of voxels. */
export function hashOf({ buffer, byteOffset, byteLength }: VoxelArray): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

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
