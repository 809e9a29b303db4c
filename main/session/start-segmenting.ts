import type { JobId, ModelId, StackId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { segmentJob, type SegmentTask } from '#main/jobs/segment-job';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { ServiceParts } from './service-parts';
import { chosenSlices } from './slice-choice';

/** What is segmented, with which model. */
export interface SegmentWish {
  readonly stack: StackId;
  readonly slices: readonly number[];
  readonly model: ModelId;
}

/**
 * A job that segments slices into the open project.
 * @throws MembranaError project.read-only, project.source-missing, model.*
 */
export async function segmentTask(
  { session, engines, publish }: Pick<ServiceParts, 'session' | 'engines' | 'publish'>,
  wish: SegmentWish,
): Promise<SegmentTask> {
  const open = session.projectOf(wish.stack);
  const { project, stack } = open;
  project.mustWrite();
  const { folder, file } = await open.models.find(wish.model);
  return segmentJob(
    {
      stack: await stack.source.reference(),
      pixelSize: pixelSizeOf(project.stack.info.voxelSize),
      slices: wish.slices,
      model: { id: file.id, name: file.name, folder },
      quality: engines.quality,
    },
    {
      engine: engines.forJob('segment', file.baseFilters),
      write: (model, z, probability) => project.predictions.write(model, z, probability),
      written: (model, z) => {
        publish('predictions.changed', { stack: wish.stack, model, slices: [z] });
      },
    },
  );
}

/** @throws MembranaError project.read-only, project.source-missing, stack.slice-out-of-range, model.*, job.busy */
export async function startSegmenting(
  parts: ServiceParts,
  input: ParsedInput<'segment.start'>,
): Promise<JobId> {
  const { depth } = parts.session.at(input.at).stack.source.info;
  const slices = chosenSlices(input.slices, depth);
  return parts.jobs.submit(await segmentTask(parts, { ...input, slices }));
}
