import { createTiffWriter } from '../../stacks/tiff/tiff-writer';
import type { ImageSpec, ImageWriter } from './image-writer';
import { valueNotes } from './value-notes';

/** A TIFF with a page a slice, as ImageJ writes them: voxel size, and notes in its description. */
export function createTiff(path: string, spec: ImageSpec): Promise<ImageWriter> {
  const { width, height, type, voxelSize, slices, values, files } = spec;
  const notes = Object.entries(valueNotes(slices, values));
  return createTiffWriter(path, {
    ...{ width, height, type, voxelSize },
    notes: notes.map(([key, text]) => `${key}=${text}`),
    ...(files ? { files } : {}),
  });
}
