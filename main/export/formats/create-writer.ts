import type { ExportFormat } from '#contract/entities';
import type { ImageSpec, ImageWriter } from './image-writer';
import { createNrrd } from './nrrd-file';
import { createPngSeries } from './png-series';
import { createTiff } from './tiff-file';
import { createZarrImage } from './zarr/zarr-image';

/**
 * Starts an image of that format at `path`, which is a folder for OME-Zarr and PNG.
 * @throws MembranaError export.folder-exists, disk.full, file.write-failed
 */
export function createImageWriter(
  format: ExportFormat,
  path: string,
  spec: ImageSpec,
): Promise<ImageWriter> {
  switch (format) {
    case 'tiff':
      return createTiff(path, spec);
    case 'ome-zarr-0.4':
    case 'ome-zarr-0.5':
      return createZarrImage(path, spec, format === 'ome-zarr-0.4' ? 2 : 3);
    case 'png':
      return createPngSeries(path, spec);
    case 'nrrd':
      return createNrrd(path, spec);
  }
}

/** Whether a format keeps labels inside the image that they belong to, so that the stack is needed. */
export function needsPicture(format: ExportFormat): boolean {
  return format === 'ome-zarr-0.4' || format === 'ome-zarr-0.5';
}
