import { MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import type { JobTask } from '#main/jobs/job-queue';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { bundledReplay } from '#main/jobs/replay-data';
import { retrainJob } from '#main/jobs/retrain-job';
import { requireSlice } from '#main/stacks/stack-source';
import { pixelSizeOf } from '#main/models/pixel-size';
import { segmentAgain } from './segment-again';
import type { ServiceParts } from './service-parts';
import { conditioningOf } from './stack-conditioning';
import { stepsWanted } from './steps-wanted';
import { versionInUse } from './training-rival';

/**
 * Retrains the version in use on what was painted and confirmed. An accepted
 * version comes into use and the slice in view is segmented again; one kept
 * aside is segmented too, so that both can be compared.
 * @throws MembranaError labels.none, project.read-only, project.source-missing, model.not-found, job.busy
 */
export async function startRetraining(
  parts: ServiceParts,
  input: ParsedInput<'retrain.start'>,
): Promise<JobId> {
  const { session, engines, jobs, previews, resources } = parts;
  const open = session.at(input.at);
  session.projectOf(input.stack);
  const { project, stack } = open;
  project.mustWrite();
  const { depth } = stack.source.info;
  requireSlice(input.z, depth);
  const current = await open.currentModel();
  if (current === null) {
    throw new MembranaError('model.not-found', 'There is no model to retrain.', {
      hint: 'Train one from a stack and its labels first.',
    });
  }
  const model = await open.models.find(current);
  const replay = await bundledReplay(resources);
  await project.labels.settled();
  const pixelSize = pixelSizeOf(project.stack.info.voxelSize);
  const task: JobTask = retrainJob(
    {
      stack: {
        source: await stack.source.reference(),
        name: project.stack.name,
        depth,
        pixelSize,
        conditioning: conditioningOf(project),
      },
      reviewed: project.labels.reviewedSlices(),
      compare: { z: input.z, mask: input.mask },
      model,
      replay,
      steps: stepsWanted('MEMBRANA_RETRAIN_STEPS'),
      seed: model.file.training?.seed ?? 0,
    },
    {
      engine: engines.forJob('train', model.file.baseFilters),
      models: open.models,
      previews,
      checkpoint: newCheckpoint(project.folder),
      labels: (z) => project.labels.slice(z),
      changedAt: (z) => project.labels.changedAt(z),
      inUse: () => versionInUse(open),
      async added(id, accepted) {
        if (accepted) await project.setCurrentModel(id);
      },
    },
  );
  return jobs.submit({
    ...task,
    async run(context) {
      const result = await task.run(context);
      if (result.kind !== 'trained') return result;
      // The version is safe on disk by now: a failure here must not make the training one.
      try {
        const made = await open.models.find(result.model);
        await segmentAgain(parts, open, made, input.z, context);
      } catch (error) {
        parts.log.warn('the slice was not segmented again', { reason: String(error) });
      }
      await session.announceModels();
      return result;
    },
  });
}
