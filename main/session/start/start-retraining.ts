import type { MaskThresholds } from '#contract/entities';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { bundledReplay } from '#main/jobs/replay-data';
import { ownClasses, retrainJob } from '#main/jobs/retrain-job';
import type { Interrupted } from '#main/jobs/interrupted-store';
import type { OpenProject } from '../open/open-project';
import { openRound, projectOfRound, shownSo } from './open-round';
import { segmentAgain } from './segment-again';
import type { ServiceParts } from '../service-parts';
import { stepsWanted } from './steps-wanted';
import { goesOn, versionInUse } from './training-rival';

/**
 * Retrains the version in use on what was painted and confirmed. An accepted
 * version comes into use and the slice in view is segmented again; one kept
 * aside is segmented too, so that both can be compared.
 * @throws MembranaError labels.none, project.*, model.not-found, job.busy
 */
export function startRetraining(
  parts: ServiceParts,
  input: ParsedInput<'retrain.start'>,
): Promise<JobId> {
  return submitRetraining(parts, projectOfRound(parts, input), input, null);
}

/** The slice in view and the thresholds of its mask. */
interface Shown {
  readonly z: number;
  readonly mask: MaskThresholds;
}

/** `resumed`: what a sudden end of the app interrupted; where the corrections are others since, the round begins anew. */
export async function submitRetraining(
  parts: ServiceParts,
  open: OpenProject,
  { z, mask }: Shown,
  resumed: Interrupted | null,
): Promise<JobId> {
  const { session, engines, jobs, previews, resources, interrupted } = parts;
  const { project } = open;
  const { stack, model } = await openRound(open, z);
  await project.labels.settled();
  const checkpoint =
    resumed === null
      ? newCheckpoint(project.folder, stepsWanted('MEMBRANA_CHECKPOINT_STEPS'))
      : { path: resumed.checkpoint, resume: true, every: null, anew: true as const };
  const learnt = resumed?.request.kind === 'retrain' ? resumed.request.learnt : null;
  const record = (corrections: string | null): Interrupted => ({
    project: project.folder,
    checkpoint: checkpoint.path,
    request: { kind: 'retrain', model: model.file.id, z, mask, learnt: corrections },
    resumed: resumed === null ? 0 : resumed.resumed + 1,
  });
  const task = retrainJob(
    {
      stack,
      reviewed: project.labels.reviewedSlices(),
      classes: ownClasses(project.classes),
      compare: { z, mask },
      model,
      replay: await bundledReplay(resources),
      steps: stepsWanted('MEMBRANA_RETRAIN_STEPS'),
      seed: model.file.training?.seed ?? 0,
    },
    {
      engine: engines.forJob('train', model.file.baseFilters),
      models: open.models,
      previews,
      checkpoint,
      learnt,
      collected: (corrections) => interrupted.remember(record(corrections)),
      labels: (slice) => project.labels.slice(slice),
      changedAt: (slice) => project.labels.changedAt(slice),
      inUse: () => versionInUse(open),
      shownSo: () => shownSo(open, stack),
      async added(id, accepted) {
        if (accepted) await project.setCurrentModel(id);
      },
    },
  );
  return jobs.submit({
    ...task,
    title: goesOn(task.title, resumed),
    async run(context) {
      const result = await interrupted.during(record(learnt), () => task.run(context));
      if (result.kind !== 'trained') return result;
      // The version is safe on disk by now: a failure here must not make the training one.
      try {
        const made = await open.models.find(result.model);
        await segmentAgain(parts, open, made, z, context);
      } catch (error) {
        parts.log.warn('the slice was not segmented again', { reason: String(error) });
      }
      await session.announceModels();
      return result;
    },
  });
}
