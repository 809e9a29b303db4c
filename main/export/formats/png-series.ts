import { MembranaError } from '#contract/errors';
import { FolderTarget } from './folder-target';
import type { ImageSlice, ImageSpec, ImageWriter } from './image-writer';
import { encodePng } from './png-bytes';
import { sliceBytes } from './slice-bytes';

/** What the pictures can't say of themselves. */
const DESCRIPTION = 'export.json';

/** `mask-z0012.png`: numbers of one length, so that every program sorts them alike. */
function pictureName({ name, slices }: ImageSpec, z: number): string {
  const digits = Math.max(4, String(slices.at(-1) ?? 0).length);
  return `${name}-z${String(z).padStart(digits, '0')}.png`;
}

/**
 * A folder with a grey PNG a slice, numbered as the stack's slices from 0, and
 * `export.json`, which says the voxel size (nm), the slices and the values.
 * @throws MembranaError export.folder-exists, disk.full, file.write-failed
 */
export async function createPngSeries(path: string, spec: ImageSpec): Promise<ImageWriter> {
  const { width, height, type, slices, voxelSize, values, name, files } = spec;
  const folder = await FolderTarget.create(path, files);
  const bits = type === 'uint8' ? 8 : 16;
  let next = 0;
  return {
    append: (slice: ImageSlice, signal?: AbortSignal) =>
      folder.guarded(async () => {
        signal?.throwIfAborted();
        const z = slices[next];
        if (z === undefined) throw new Error('more slices than were announced');
        const bytes = await encodePng(sliceBytes(slice, spec), { width, height, bits }, voxelSize);
        await folder.write(pictureName(spec, z), bytes);
        next += 1;
      }),
    finish: () =>
      folder.guarded(async () => {
        if (next === 0) throw nothing(name);
        const { x, y, z } = voxelSize;
        const voxelNanometres = { x, y, z };
        const text = JSON.stringify({ writer: 'Membrana', name, slices, voxelNanometres, values });
        await folder.write(DESCRIPTION, new TextEncoder().encode(`${text}\n`));
        return folder.finish();
      }),
    abort: () => folder.abort(),
  };
}

function nothing(name: string): MembranaError {
  return new MembranaError('file.write-failed', `The ${name} has no slices.`, {
    hint: 'Export at least one slice.',
  });
}
