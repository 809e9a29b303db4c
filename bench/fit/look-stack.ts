import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { openStack } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';
import type { Look } from '../conditioning/looks';

const { signal } = new AbortController();

/** A stack of 8-bit grey values in a look as a file, drawn once; its voxel size is not said, so that nothing resamples. */
export async function drawLook(look: Look, stack: string, path: string): Promise<void> {
  if (existsSync(path)) return;
  const source = await openStack(stack, { signal });
  const { width, height, depth } = source.info;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const voxelSize = { x: null, y: null, z: null, source: 'unknown' as const };
  const writer = await createTiffWriter(part, { width, height, type: 'uint8', voxelSize });
  try {
    for (let z = 0; z < depth; z += 1) {
      const { data } = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
      const { values } = look.draw({ values: Float32Array.from(data, Number), width, height }, z);
      await writer.append(Uint8Array.from(values), signal);
    }
    await writer.finish();
  } finally {
    await source.close();
  }
  await rename(part, path);
}
