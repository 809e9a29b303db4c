import type { JobResult } from '#contract/entities';
import type { JobId, ModelId, StackId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import type { JobTask } from '#main/jobs/job-queue';
import { segmentJob, type SegmentTask } from '#main/jobs/segment-job';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { Project } from '#main/project/project';
import { requireSlice } from '#main/stacks/stack-source';
import type { ServiceParts } from '../service-parts';
import { chosenSlices } from '../slice-choice';
import { chooseFirst } from './first-conditioning';
import { conditioningOf, stalePredictions } from '../stack-conditioning';
import { trustLater } from './start-trust';

/** What is segmented, with which model. */
export interface SegmentWish {
  readonly stack: StackId;
  readonly slices: readonly number[];
  readonly model: ModelId;
  readonly background?: boolean;
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
  // Of this stack, whichever is shown when a map arrives.
  const { predictions } = project;
  project.assertWritable();
  const { folder, file } = await open.models.find(wish.model);
  return segmentJob(
    {
      stack: await stack.source.reference(),
      pixelSize: pixelSizeOf(project.stack.info.voxelSize),
      conditioning: conditioningOf(project),
      slices: wish.slices,
      model: { id: file.id, name: file.name, folder },
      quality: engines.quality,
    },
    {
      engine: engines.forJob('segment', file.baseFilters),
      write: (model, z, probability, conditioning, classes) =>
        predictions.write(model, z, probability, conditioning, classes),
      written: (model, z) => {
        const made = { stack: wish.stack, model, slices: [z] };
        publish('predictions.changed', wish.background ? { ...made, background: true } : made);
      },
    },
  );
}

/** @throws MembranaError project.read-only, project.source-missing, stack.slice-out-of-range, model.*, job.busy */
export async function startSegmenting(
  parts: ServiceParts,
  input: ParsedInput<'segment.start'>,
): Promise<JobId> {
  const { project, stack } = parts.session.at(input.at);
  const { depth } = stack.source.info;
  if (!input.background || input.slices === 'all') {
    const slices = chosenSlices(input.slices, depth);
    return parts.jobs.submit(await firstTask(parts, { ...input, slices }));
  }
  for (const z of input.slices) requireSlice(z, depth);
  return parts.jobs.submit(
    await backgroundTask(parts, project, { ...input, slices: input.slices }),
  );
}

/** Segments as `segmentTask`; on a stack's first time it looks how to show it to the model before, and how far that can be trusted afterwards. */
export async function firstTask(parts: ServiceParts, wish: SegmentWish): Promise<SegmentTask> {
  const task = await segmentTask(parts, wish);
  return {
    ...task,
    async run(context): Promise<JobResult> {
      await chooseFirst(parts, wish, context);
      const result = await (await segmentTask(parts, wish)).run(context);
      await trustLater(parts, wish.stack, wish.model);
      return result;
    },
  };
}

/** Slices in the order given, one job that can be stopped and run again: each run does what is still missing. */
async function backgroundTask(
  parts: ServiceParts,
  project: Project,
  wish: SegmentWish,
): Promise<JobTask> {
  const { title } = await segmentTask(parts, wish);
  return {
    kind: 'segment',
    title: `${title}, in the background`,
    background: true,
    async run(context): Promise<JobResult> {
      const stale = await stalePredictions(project);
      const done = new Set(
        project.predictions
          .list()
          .filter(({ model }) => model === wish.model)
          .map(({ z }) => z),
      );
      for (const { model, z } of stale) if (model === wish.model) done.delete(z);
      const slices = wish.slices.filter((z) => !done.has(z));
      if (slices.length > 0) return (await firstTask(parts, { ...wish, slices })).run(context);
      const nothing = { slices: 0, seconds: 0, skipped: [], pixelNote: '' };
      return { kind: 'segmented', model: wish.model, ...nothing };
    },
  };
}
