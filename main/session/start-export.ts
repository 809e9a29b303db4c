import { basename, dirname } from 'node:path';
import type { JobResult } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import type { JobContext, JobTask } from '#main/jobs/job-queue';
import { gapsOf, incomplete } from '#main/labels/export-gaps';
import { exportedValues } from '#main/labels/exported-values';
import { exportSlices } from '#main/labels/label-export';
import type { ServiceParts } from './service-parts';
import { chosenSlices } from './slice-choice';
import { segmentTask } from './start-segmenting';

const titles = {
  mask: 'mask',
  classes: 'classes',
  review: 'review states',
  probability: 'membrane probability',
} as const;

/**
 * Starts to write slices of the open project as a TIFF. Slices without a value
 * for every pixel are refused, segmented first, or left out, as asked; they
 * are never written as zeros.
 *
 * @throws MembranaError labels.incomplete, stack.slice-out-of-range, grant.unknown, job.busy;
 *   to segment: project.read-only, project.source-missing, model.*
 */
export async function startExport(
  parts: ServiceParts,
  input: ParsedInput<'labels.export'>,
): Promise<JobId> {
  const { what, grant, threshold, missing } = input;
  const open = parts.session.required();
  const { labels, predictions, stack, classes } = open.project;
  const { width, height, depth, voxelSize } = stack.info;
  const path = await parts.grants.path(grant, 'save');
  const asked = chosenSlices(input.slices, depth);
  const model = await open.currentModel();
  const gaps = async (): Promise<number[]> => {
    await labels.settled();
    return gapsOf(what, asked, { labels, predictions, model, pixels: width * height });
  };
  const toSegment = missing === 'leave-out' ? [] : await gaps();
  if (missing === 'refuse' && toSegment.length > 0)
    throw incomplete(toSegment, asked.length, 'Segment them first, or leave them out.');
  let segment: JobTask | null = null;
  if (toSegment.length > 0) {
    if (model === null)
      throw new MembranaError('model.not-found', 'There is no model to segment with.', {
        hint: 'Train one from labels, or leave the slices out.',
      });
    segment = await segmentTask(parts, { stack: stack.id, slices: toSegment, model });
  }
  const name = basename(path);

  async function run(context: JobContext): Promise<JobResult> {
    const { signal } = context;
    await segment?.run(context);
    const leftOut = await gaps();
    if (missing !== 'leave-out' && leftOut.length > 0)
      throw incomplete(leftOut, asked.length, 'Leave out what can’t be segmented.');
    const without = new Set(leftOut);
    const slices = asked.filter((z) => !without.has(z));
    const values = exportedValues(what, classes);
    const bytes = await exportSlices({
      ...{ what, path, slices, values, voxelSize, labels, predictions, model, threshold, signal },
      shape: { width, height, depth },
      onProgress: (done, total) => {
        context.progress({ done, total, unit: 'slices', note: name });
      },
    });
    const folder = basename(dirname(path));
    return { kind: 'exported', what, name, bytes, folder, grant, slices, leftOut, values };
  }

  const title = `Export the ${titles[what]} to ${name}`;
  return parts.jobs.submit({ kind: 'export', title, run });
}
