import type { VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { formatSliceRange } from '#contract/slice-range';
import type { ImageShape } from '../labels/label-image';
import type { LabelStore } from '../labels/label-store';
import { createTiffWriter } from '../stacks/tiff/tiff-writer';

export interface IdExport {
  readonly path: string;
  readonly labels: LabelStore;
  readonly shape: ImageShape;
  readonly voxelSize: VoxelSize;
  /** A page each, in this order. */
  readonly slices: readonly number[];
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Writes the ids of a layer as a multi-page TIFF in 16 or 32 bits, as the layer
 * has them; 0 is no cell. One slice is in memory at a time.
 *
 * @returns bytes written
 * @throws MembranaError labels.none for a layer of classes, disk.full, file.write-failed; AbortError
 */
export async function exportIds(options: IdExport): Promise<number> {
  const { path, labels, shape, voxelSize, slices, signal, onProgress } = options;
  const { element } = labels;
  if (element === 'uint8')
    throw new MembranaError('labels.none', 'That layer holds classes, and no ids of cells.', {
      hint: 'Choose it in the window, then export its classes or its mask.',
    });
  await labels.settled();
  const { width, height } = shape;
  const writer = await createTiffWriter(path, {
    ...{ width, height, type: element, voxelSize },
    notes: [`membrana_slices=${formatSliceRange(slices)}`, 'membrana_values=0: no cell'],
  });
  try {
    for (const [i, z] of slices.entries()) {
      signal.throwIfAborted();
      const ids = await labels.voxelSlice(z);
      await writer.append(ids, signal);
      onProgress(i + 1, slices.length);
    }
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
