import type { JobResult } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { fitJob } from '#main/jobs/fit-job';
import type { JobContext } from '#main/jobs/job-queue';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { bundledPictures } from '#main/jobs/replay-data';
import { pixelSizeOf } from '#main/models/pixel-size';
import { requireSlice } from '#main/stacks/stack-source';
import type { OpenProject } from './open-project';
import { segmentWithBoth } from './segment-again';
import type { ServiceParts } from './service-parts';
import { conditioningOf } from './stack-conditioning';
import { stepsWanted } from './steps-wanted';
import { versionInUse } from './training-rival';

/**
 * Fits the version in use to the open stack. Where its answers became steadier
 * it comes into use; the slice in view is segmented with both.
 * @throws MembranaError project.read-only, project.source-missing, model.not-found, job.busy
 */
export async function startFitting(
  parts: ServiceParts,
  input: ParsedInput<'fit.start'>,
): Promise<JobId> {
  const { session, engines, jobs, previews, resources } = parts;
  const open = session.at(input.at);
  session.projectOf(input.stack);
  const { project, stack } = open;
  project.mustWrite();
  const { depth } = stack.source.info;
  requireSlice(input.z, depth);
  const current = await open.currentModel();
  if (current === null)
    throw new MembranaError('model.not-found', 'There is no model to fit.', {
      hint: 'Train one from a stack and its labels first.',
    });
  const model = await open.models.find(current);
  const pictures = await bundledPictures(resources);
  if (pictures === null)
    throw new MembranaError(
      'file.not-found',
      'The labelled pictures that come with Membrana are not there.',
      { hint: 'Install Membrana again to get them back.' },
    );
  const task = fitJob(
    {
      stack: {
        source: await stack.source.reference(),
        name: project.stack.name,
        depth,
        pixelSize: pixelSizeOf(project.stack.info.voxelSize),
        conditioning: conditioningOf(project),
      },
      model,
      pictures: [pictures],
      budget: { steps: stepsWanted('MEMBRANA_FIT_STEPS'), seconds: null },
      seed: model.file.training?.seed ?? 0,
    },
    {
      engine: engines.forJob('train', model.file.baseFilters),
      models: open.models,
      previews,
      checkpoint: newCheckpoint(project.folder),
      inUse: () => versionInUse(open),
      async added(id, accepted) {
        if (accepted) await project.setCurrentModel(id);
      },
    },
  );
  return jobs.submit({
    ...task,
    async run(context) {
      const result = await withChange(parts, open, input.z, await task.run(context), context);
      await session.announceModels();
      return result;
    },
  });
}

/** The slice in view under both versions: "Show what changed". */
async function withChange(
  parts: ServiceParts,
  open: OpenProject,
  z: number,
  result: JobResult,
  context: JobContext,
): Promise<JobResult> {
  if (result.kind !== 'trained' || result.replaced === null) return result;
  // The version is safe on disk by now: a failure here must not make the fit one.
  try {
    context.progress({ done: 0, total: 0, unit: 'steps', note: 'Showing what changed' });
    const pair = [result.replaced, result.model] as const;
    return { ...result, changed: await segmentWithBoth(parts, open, pair, z, context) };
  } catch (error) {
    if (!isAbort(error))
      parts.log.warn('the slice was not segmented again', { reason: String(error) });
    return result;
  }
}
