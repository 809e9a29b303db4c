import { formatConditioning } from '#contract/conditioning-text';
import type { JobResult } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { fitJob } from '#main/jobs/fit-job';
import type { JobContext } from '#main/jobs/job-queue';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { bundledPictures } from '#main/jobs/replay-data';
import type { Interrupted } from '#main/jobs/interrupted-store';
import type { OpenProject } from '../open/open-project';
import { openRound, projectOfRound, shownSo } from './open-round';
import { segmentWithBoth } from './segment-again';
import type { ServiceParts } from '../service-parts';
import { stepsWanted } from './steps-wanted';
import { goesOn, versionInUse } from './training-rival';

/**
 * Fits the version in use to the open stack. Where its answers became steadier
 * it comes into use; the slice in view is segmented with both.
 * @throws MembranaError project.*, model.not-found, file.not-found, job.busy
 */
export function startFitting(parts: ServiceParts, input: ParsedInput<'fit.start'>): Promise<JobId> {
  return submitFitting(parts, projectOfRound(parts, input), input.z, null);
}

/** `z`: the slice in view. `resumed`: what a sudden end of the app interrupted; where the stack is another or shown otherwise since, the fit begins anew. */
export async function submitFitting(
  parts: ServiceParts,
  open: OpenProject,
  z: number,
  resumed: Interrupted | null,
): Promise<JobId> {
  const { session, engines, jobs, previews, resources, interrupted } = parts;
  const { project } = open;
  const { stack, model } = await openRound(open, z);
  const pictures = await bundledPictures(resources);
  if (pictures === null)
    throw new MembranaError(
      'file.not-found',
      'The labelled pictures that come with Membrana are not there.',
      { hint: 'Install Membrana again to get them back.' },
    );
  const seen = JSON.stringify([
    stack.source.identity.content,
    stack.pixelSize,
    formatConditioning(stack.conditioning),
  ]);
  const same = resumed?.request.kind === 'fit' && resumed.request.seen === seen;
  const checkpoint =
    resumed === null
      ? newCheckpoint(project.folder, stepsWanted('MEMBRANA_CHECKPOINT_STEPS'))
      : { path: resumed.checkpoint, resume: same, every: null, anew: true as const };
  const task = fitJob(
    {
      stack,
      model,
      pictures: [pictures],
      budget: { steps: stepsWanted('MEMBRANA_FIT_STEPS'), seconds: null },
      seed: model.file.training?.seed ?? 0,
    },
    {
      engine: engines.forJob('train', model.file.baseFilters),
      models: open.models,
      previews,
      checkpoint,
      inUse: () => versionInUse(open),
      shownSo: () => shownSo(open, stack),
      async added(id, accepted) {
        if (accepted) await project.setCurrentModel(id);
      },
    },
  );
  const record: Interrupted = {
    project: project.folder,
    checkpoint: checkpoint.path,
    request: { kind: 'fit', model: model.file.id, z, seen },
    resumed: resumed === null ? 0 : resumed.resumed + 1,
  };
  return jobs.submit({
    ...task,
    title: goesOn(task.title, resumed),
    async run(context) {
      const made = await interrupted.during(record, () => task.run(context));
      const result = await withChange(parts, open, z, made, context);
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
