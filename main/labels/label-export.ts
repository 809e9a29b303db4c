import type { VoxelSize } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { classOf, MEMBRANE, reviewOf, UNTOUCHED } from '#contract/label-byte';
import type { FileSystem } from '../project/file-system';
import type { PredictionStore } from '../project/prediction-store';
import { createTiffWriter } from '../stacks/tiff/tiff-writer';
import type { ImageShape } from './label-image';
import type { LabelStore } from './label-store';

export type ExportedImage = 'mask' | 'classes' | 'review' | 'probability';

export interface ExportOptions {
  readonly what: ExportedImage;
  /** The TIFF file to write; a file that is there is replaced when the new one is complete. */
  readonly path: string;
  readonly shape: ImageShape;
  readonly voxelSize: VoxelSize;
  readonly labels: LabelStore;
  readonly predictions: PredictionStore;
  /** Whose prediction fills in where there is no label; null = labels only. */
  readonly model: ModelId | null;
  /** On membrane probability, 0…1. */
  readonly threshold: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly files?: FileSystem;
}

/** Membrane pixels of a slice as 255: the label where there is one, else probability ≥ threshold. */
export function composeMask(
  labels: Uint8Array,
  probability: Uint8Array | null,
  threshold: number,
): Uint8Array {
  const least = threshold * 255;
  return labels.map((label, i) => {
    const membrane =
      classOf(label) === UNTOUCHED
        ? probability !== null && (probability[i] ?? 0) >= least
        : classOf(label) === MEMBRANE;
    return membrane ? 255 : 0;
  });
}

async function exportedSlice(options: ExportOptions, z: number): Promise<Uint8Array> {
  const { what, labels, predictions, model, threshold, shape } = options;
  switch (what) {
    case 'classes':
      return (await labels.slice(z)).map(classOf);
    case 'review':
      return (await labels.slice(z)).map(reviewOf);
    case 'mask':
      return composeMask(
        await labels.slice(z),
        model && (await predictions.slice(model, z)),
        threshold,
      );
    case 'probability':
      return (
        (model && (await predictions.slice(model, z))) ?? new Uint8Array(shape.width * shape.height)
      );
  }
}

function somethingToExport({ what, labels, predictions, model }: ExportOptions): boolean {
  const predicted = model !== null && predictions.list().some((map) => map.model === model);
  const labelled = labels.coverage().length > 0;
  switch (what) {
    case 'mask':
      return predicted || labelled;
    case 'probability':
      return predicted;
    case 'classes':
    case 'review':
      return labelled;
  }
}

/**
 * Writes all slices as a multi-page 8-bit TIFF with the voxel size, one slice
 * in memory at a time: mask (255 = membrane), classes, review (0 untouched,
 * 1 painted, 2 confirmed) or probability (255 = 1).
 *
 * @returns bytes written
 * @throws MembranaError labels.none, disk.full, file.write-failed; AbortError. The file at `path` is then what it was.
 */
export async function exportSlices(options: ExportOptions): Promise<number> {
  const { what, path, shape, voxelSize, labels, files, signal, onProgress } = options;
  await labels.settled();
  if (!somethingToExport(options))
    throw new MembranaError('labels.none', `There is no ${what} to export yet.`, {
      hint: 'Segment a slice, or paint one, then export.',
    });
  const { width, height, depth } = shape;
  const writer = await createTiffWriter(path, {
    width,
    height,
    type: 'uint8',
    voxelSize,
    ...(files ? { files } : {}),
  });
  try {
    for (let z = 0; z < depth; z += 1) {
      signal?.throwIfAborted();
      await writer.append(await exportedSlice(options, z), signal);
      onProgress?.(z + 1, depth);
    }
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}
