import { MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import { predictSlice, type PredictParams } from '#main/compute/requests';
import type { ParsedInput } from '#main/ipc/handlers';
import type { JobContext, JobTask } from '#main/jobs/job-queue';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { bundledReplay } from '#main/jobs/replay-data';
import { retrainJob } from '#main/jobs/retrain-job';
import { checkedProbability } from '#main/jobs/segment-job';
import { passesOf } from '#main/jobs/segment-passes';
import { requireSlice } from '#main/stacks/stack-source';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { StoredModel } from '#main/models/model-store';
import type { OpenProject } from './open-project';
import type { ServiceParts } from './service-parts';

/** The measured number of steps unless MEMBRANA_RETRAIN_STEPS asks for another. */
function stepsWanted(): number | null {
  const wanted = Number(process.env['MEMBRANA_RETRAIN_STEPS']);
  return Number.isInteger(wanted) && wanted > 0 ? wanted : null;
}

/** Segments the slice that the user looks at with the new version, so that the change is there to see. */
async function segmentAgain(
  { engines, publish }: ServiceParts,
  open: OpenProject,
  model: StoredModel,
  z: number,
  { signal, remark }: Pick<JobContext, 'signal' | 'remark'>,
): Promise<void> {
  const { project, stack } = open;
  const source = await stack.source.reference();
  const { quality } = engines;
  const result = await engines.forJob('segment', model.file.baseFilters).call(
    predictSlice,
    (choice): PredictParams => ({
      stack: source,
      z,
      model: model.folder,
      ...passesOf(quality, choice),
      pixelSize: pixelSizeOf(project.stack.info.voxelSize),
      output: 'uint8',
      choice,
    }),
    { signal, remark },
  );
  const probability = checkedProbability(result);
  if (!(probability instanceof Uint8Array)) throw new Error('bytes were asked for');
  await project.predictions.write(model.file.id, z, probability);
  publish('predictions.changed', {
    stack: project.stack.id,
    model: model.file.id,
    slices: [z],
  });
}

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
      stack: { source: await stack.source.reference(), name: project.stack.name, depth, pixelSize },
      reviewed: project.labels.reviewedSlices(),
      compare: { z: input.z, threshold: input.threshold },
      model,
      replay,
      budget: { steps: stepsWanted(), seconds: null },
      seed: model.file.training?.seed ?? 0,
    },
    {
      engine: engines.forJob('train', model.file.baseFilters),
      models: open.models,
      previews,
      checkpoint: newCheckpoint(project.folder),
      labels: (z) => project.labels.slice(z),
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
