import type {
  ExportedImage,
  ExportFormat,
  ExportedValue,
  LabelClass,
  MaskThresholds,
  MaskValues,
  VoxelSize,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { classOf, MEMBRANE, reviewOf, UNTOUCHED } from '#contract/label-byte';
import type { BitPlane } from '#contract/mask/bit-plane';
import { isOfClass } from '#contract/mask/class-mask';
import { firstByte, hasLine, maskOver } from '#contract/mask/membrane-mask';
import type { FileSystem } from '../storage/file-system';
import type { MembraneLines } from '../project/predictions/membrane-lines';
import type { PredictionStore } from '../project/predictions/prediction-store';
import type { ExportedClass } from './exported-class';
import { incomplete } from './export-gaps';
import { exportedLegend, exportedValues, insideValue } from './exported-values';
import { createImageWriter } from './formats/create-writer';
import type { StackPicture } from './formats/image-writer';
import type { ImageShape } from '../labels/label-image';
import type { LabelStore } from '../labels/label-store';

export interface ExportOptions {
  readonly what: ExportedImage;
  /** null or left out = membrane. */
  readonly ownClass?: ExportedClass | null;
  /** As what it is written; a TIFF where left out. */
  readonly format?: ExportFormat;
  /** Of a mask; 255 = membrane where left out. */
  readonly maskValues?: MaskValues;
  /** The stack, for formats that keep labels inside it; null or left out = not there. */
  readonly picture?: StackPicture | null;
  /** The file or folder to write; what an export left there is replaced when the new one is complete. */
  readonly path: string;
  readonly shape: ImageShape;
  /** Slices to write, in this order. */
  readonly slices: readonly number[];
  /** The project's, which name and colour the values. */
  readonly classes: readonly LabelClass[];
  readonly voxelSize: VoxelSize;
  readonly labels: LabelStore;
  readonly predictions: PredictionStore;
  /** Whose prediction fills in where there is no label; null = labels only. */
  readonly model: ModelId | null;
  /** Of the mask. */
  readonly mask: MaskThresholds;
  readonly lines: Pick<MembraneLines, 'line'>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  readonly files?: FileSystem;
}

/** Membrane pixels of a slice as 255: the label where there is one, else the mask of the prediction with its line. */
export function composeMask(
  labels: Uint8Array,
  probability: Uint8Array | null,
  thresholds: MaskThresholds,
  line: BitPlane | null,
): Uint8Array<ArrayBuffer> {
  const predicted = probability && maskOver(probability, thresholds, line);
  return labels.map((label, i) => {
    const membrane =
      classOf(label) === UNTOUCHED ? predicted?.[i] === 1 : classOf(label) === MEMBRANE;
    return membrane ? 255 : 0;
  });
}

/** Pixels of a class beside membrane as 255, by the one rule of its mask (`isOfClass`). */
export function composeClassMask(
  labels: Uint8Array,
  probability: Uint8Array,
  { label, threshold }: Pick<ExportedClass, 'label' | 'threshold'>,
): Uint8Array<ArrayBuffer> {
  const from = firstByte(threshold);
  return labels.map((value, i) => {
    return isOfClass(value, label, (probability[i] ?? 0) >= from) ? 255 : 0;
  });
}

/** What the mask of a slice is made of. */
export type MaskSources = Pick<ExportOptions, 'model' | 'mask'> & {
  readonly labels: Pick<LabelStore, 'slice'>;
  readonly predictions: Pick<PredictionStore, 'slice'>;
  readonly lines: Pick<MembraneLines, 'line'>;
  readonly signal?: AbortSignal;
};

/** The line of the mask of a slice; null where the mask has none. */
function lineOf({ model, mask, lines, signal }: MaskSources, z: number): Promise<BitPlane | null> {
  if (model === null || !hasLine(mask)) return Promise.resolve(null);
  const never = new AbortController();
  return lines.line(model, z, firstByte(mask.cells), signal ?? never.signal);
}

/**
 * The mask of a slice as it is shown and exported, 255 = membrane; null where
 * it needs a prediction that is not there, such as a damaged one.
 */
export async function sliceMask(
  sources: MaskSources,
  z: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { labels, predictions, model, mask } = sources;
  const own = await labels.slice(z);
  const probability = model === null ? null : await predictions.slice(model, z);
  if (probability === null && own.some((label) => classOf(label) === UNTOUCHED)) return null;
  return composeMask(own, probability, mask, await lineOf(sources, z));
}

/** @throws MembranaError labels.incomplete where the prediction is needed and not there, such as a damaged one */
async function exportedSlice(options: ExportOptions, z: number): Promise<Uint8Array<ArrayBuffer>> {
  const { what, labels, predictions, model, ownClass = null } = options;
  const predicted = async (): Promise<Uint8Array<ArrayBuffer> | null> =>
    model === null ? null : predictions.slice(model, z, ownClass?.id ?? null);
  switch (what) {
    case 'classes':
      return (await labels.slice(z)).map(classOf);
    case 'review':
      return (await labels.slice(z)).map(reviewOf);
    case 'mask': {
      const map = ownClass === null ? null : await predicted();
      const composed =
        ownClass === null
          ? await sliceMask(options, z)
          : map && composeClassMask(await labels.slice(z), map, ownClass);
      if (composed === null)
        throw incomplete([z], options.slices.length, 'Segment it, then export again.');
      return composed;
    }
    case 'probability': {
      const probability = await predicted();
      if (probability === null)
        throw incomplete([z], options.slices.length, 'Segment it, then export again.');
      return probability;
    }
  }
}

/** What was written. */
export interface WrittenImage {
  readonly bytes: number;
  readonly values: ExportedValue[];
}

/**
 * Writes slices in 8 bits with the voxel size, one slice in memory at a time:
 * mask (255 or 1 = membrane), classes, review (0 untouched, 1 painted,
 * 2 confirmed) or probability (255 = 1). The image notes which slices of the
 * stack it holds (from 0) and what its values mean.
 *
 * @throws MembranaError labels.none, labels.incomplete, project.source-missing, stack.page-unreadable,
 *   export.folder-exists, disk.full, file.write-failed; AbortError. What lies at `path` is then what it was.
 */
export async function exportSlices(options: ExportOptions): Promise<WrittenImage> {
  const { what, path, shape, voxelSize, slices, labels, classes, files, signal } = options;
  const { format = 'tiff', maskValues = '0/255', picture = null, ownClass = null } = options;
  await labels.settled();
  const fromLabels = what === 'classes' || what === 'review';
  if (slices.length === 0 || (fromLabels && labels.coverage().length === 0))
    throw new MembranaError('labels.none', `There is no ${what} to export yet.`, {
      hint: fromLabels ? 'Paint or confirm a slice, then export.' : 'Segment a slice, then export.',
    });
  const { width, height } = shape;
  const values = exportedValues(what, classes, ownClass?.name, maskValues);
  const legend = exportedLegend(what, classes, ownClass, maskValues);
  const writer = await createImageWriter(format, path, {
    ...{ name: what, width, height, slices, type: 'uint8', voxelSize, values, legend, picture },
    ...(files ? { files } : {}),
  });
  try {
    for (const [i, z] of slices.entries()) {
      signal?.throwIfAborted();
      const slice = await exportedSlice(options, z);
      await writer.append(what === 'mask' ? withValues(slice, maskValues) : slice, signal);
      options.onProgress?.(i + 1, slices.length);
    }
    return { bytes: await writer.finish(), values };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function withValues(mask: Uint8Array<ArrayBuffer>, values: MaskValues): Uint8Array<ArrayBuffer> {
  const inside = insideValue(values);
  return inside === 255 ? mask : mask.map((value) => (value === 0 ? 0 : inside));
}
