import { basename } from 'node:path';
import type {
  ExportedImage,
  ExportedValue,
  ExportFormat,
  MaskThresholds,
  MaskValues,
  MissingSlices,
} from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { gapsOf, incomplete } from '../export/export-gaps';
import type { ExportedClass } from '../export/exported-class';
import { assertTarget } from '../export/export-target';
import type { StackPicture } from '../export/formats/image-writer';
import { exportSlices } from '../export/label-export';
import type { Project } from '../project/project';
import type { JobContext } from './job-queue';
import type { SegmentTask } from './segment-job';

export interface ExportRequest {
  readonly what: ExportedImage;
  readonly format: ExportFormat;
  readonly maskValues: MaskValues;
  /** The file or folder to write. */
  readonly path: string;
  /** The stack, for formats that keep labels inside it; null = it is not there. */
  readonly picture: StackPicture | null;
  /** Slices asked for, ascending. */
  readonly slices: readonly number[];
  /** What becomes of those without a value for every pixel. */
  readonly missing: MissingSlices;
  /** Whose predictions count; null = there is no model. */
  readonly model: ModelId | null;
  readonly mask: MaskThresholds;
  /** A class beside membrane in its place, for mask and probability; null or left out = membrane. */
  readonly ownClass?: ExportedClass | null;
}

/** What was written. */
export interface Exported {
  readonly bytes: number;
  /** The slices written, in this order, and those left out. */
  readonly slices: number[];
  readonly leftOut: number[];
  readonly values: ExportedValue[];
}

type ExportContext = Pick<JobContext, 'progress' | 'signal' | 'remark'>;

/**
 * Makes an export ready: what can be refused is refused before it begins.
 * Slices without a value for every pixel are never written as zeros.
 *
 * @throws MembranaError export.same-file, labels.incomplete, model.not-found, as `segment`
 */
export async function prepareExport(
  project: Project,
  request: ExportRequest,
  segment: (slices: readonly number[], model: ModelId) => Promise<SegmentTask>,
): Promise<(context: ExportContext) => Promise<Exported>> {
  const { what, path, slices: asked, missing, model, mask, ownClass = null } = request;
  const { format, maskValues, picture } = request;
  await assertTarget(path, project);
  const { labels, predictions, lines, stack, classes } = project;
  const { width, height, depth, voxelSize } = stack.info;
  const gaps = async (): Promise<number[]> => {
    await labels.settled();
    return gapsOf(what, asked, {
      ...{ labels, predictions, model, pixels: width * height },
      ownClass: ownClass?.id ?? null,
    });
  };
  const toSegment = missing === 'leave-out' ? [] : await gaps();
  if (missing === 'refuse' && toSegment.length > 0)
    throw incomplete(toSegment, asked.length, 'Segment them first, or leave them out.');
  if (toSegment.length > 0 && model === null)
    throw new MembranaError('model.not-found', 'There is no model to segment with.', {
      hint: 'Train one from labels, or leave the slices out.',
    });
  const before = toSegment.length > 0 && model !== null ? await segment(toSegment, model) : null;

  return async (context) => {
    await before?.run(context);
    const leftOut = await gaps();
    if (missing !== 'leave-out' && leftOut.length > 0)
      throw incomplete(leftOut, asked.length, 'Leave out what can’t be segmented.');
    const without = new Set(leftOut);
    const slices = asked.filter((z) => !without.has(z));
    const note = basename(path);
    const { bytes, values } = await exportSlices({
      ...{ what, format, maskValues, picture, path, slices, classes, voxelSize },
      ...{ labels, predictions, lines, model, mask, ownClass },
      shape: { width, height, depth },
      signal: context.signal,
      onProgress: (done, total) => {
        context.progress({ done, total, unit: 'slices', note });
      },
    });
    return { bytes, slices, leftOut, values };
  };
}
