import type { StackInfo } from '#contract/entities';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import { dropCheckpoint, hasCheckpoint, newCheckpoint } from '#main/jobs/kept-checkpoint';
import { trainJob, type TrainRequest } from '#main/jobs/train-job';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { Interrupted } from '#main/settings/interrupted-store';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { requireSlice } from '#main/stacks/stack-source';
import { nodeFileSystem } from '#main/storage/node-file-system';
import type { OpenProject } from './open-project';
import type { ServiceParts } from './service-parts';

async function read(
  path: string,
): Promise<{ readonly info: StackInfo; readonly reference: SourceReference }> {
  const source = await openStack(path, { signal: new AbortController().signal });
  try {
    return { info: source.info, reference: await source.reference() };
  } finally {
    await source.close();
  }
}

/**
 * Trains into the open project; with nothing open, into the project of the
 * image stack, which the window is offered when the training is done. The new
 * version comes into use where none was chosen before.
 * @throws MembranaError usage, stack.*, project.read-only, model.*, job.busy, file.*, tiff.*
 */
export async function startTraining(
  parts: ServiceParts,
  input: ParsedInput<'train.start'>,
): Promise<JobId> {
  const { session, grants } = parts;
  // Reading files takes its time: another project may be open after it.
  const meant = input.at === null ? null : session.at(input.at);
  const image = await grants.path(input.image, 'stack', 'labels');
  const labels = await grants.path(input.labels, 'labels', 'stack');
  const {
    info: { depth, voxelSize },
    reference,
  } = await read(image);
  const { train, validate } = input;
  for (const z of [...train, ...validate]) requireSlice(z, depth);
  const unseen = session.current === null;
  const open: OpenProject =
    meant ?? session.current ?? (await session.openStack(image, () => undefined));
  if (input.at !== null) session.at(input.at);
  open.project.mustWrite();
  const from = input.from === null ? null : await open.models.find(input.from);
  const { budget } = input;
  // What the user said of the open stack counts before what its file says.
  const shown = open.source.kind !== 'missing' && open.stack.path === image;
  const pixelSize = pixelSizeOf(shown ? open.project.stack.info.voxelSize : voxelSize);
  return submitTraining(
    parts,
    open,
    {
      pixelSize,
      stacks: {
        image: reference,
        labels: await sourceReference(labels),
        membrane: input.membrane,
        void: null,
        train,
        validate,
      },
      name: input.name.trim() === '' ? 'Trained model' : input.name.trim(),
      baseFilters: from?.file.baseFilters ?? input.baseFilters,
      budget:
        budget.kind === 'steps'
          ? { steps: budget.steps, seconds: null }
          : { steps: null, seconds: budget.minutes * 60 },
      seed: input.seed,
      from: from === null ? null : { id: from.file.id, folder: from.folder },
    },
    { offer: unseen, resumed: null },
  );
}

/** A training that an end of the app interrupted is given up after so many tries: it may be what ends the app. */
const MOST_RESUMED = 3;

/** Goes on with the training of this project that a sudden end of the app interrupted, if there is one. */
export async function resumeTraining(parts: ServiceParts, open: OpenProject): Promise<void> {
  const { interrupted, jobs } = parts;
  const { training } = interrupted;
  if (training?.project !== open.project.folder || open.project.access.kind !== 'read-write')
    return;
  if (jobs.list().some(({ state }) => state === 'running' || state === 'queued')) return;
  const kept = await hasCheckpoint(training.checkpoint);
  if (!kept || training.resumed >= MOST_RESUMED) {
    await dropCheckpoint(training.checkpoint).catch(() => undefined);
    await interrupted.forget();
    return;
  }
  submitTraining(parts, open, training.request, { offer: false, resumed: training });
}

/** `offer`: the window has not seen the stack yet. `resumed`: what is to go on. */
function submitTraining(
  { session, grants, engines, jobs, previews, publish, interrupted }: ServiceParts,
  open: OpenProject,
  request: TrainRequest,
  { offer, resumed }: { readonly offer: boolean; readonly resumed: Interrupted | null },
): JobId {
  const { path: image } = request.stacks.image;
  const project = open.project.folder;
  const checkpoint =
    resumed === null
      ? newCheckpoint(project)
      : { path: resumed.checkpoint, resume: true, every: null };
  const task = trainJob(request, {
    engine: engines.forJob('train', request.baseFilters),
    models: open.models,
    previews,
    checkpoint,
    async added(model) {
      if (open.project.currentModel === null) await open.project.setCurrentModel(model);
      await session.announceModels();
      if (!offer || (await nodeFileSystem.status(image)) === null) return;
      publish('files.offered', { grants: [await grants.grant(image, 'stack')], via: 'system' });
    },
  });
  const record: Interrupted = {
    project,
    checkpoint: checkpoint.path,
    request,
    resumed: resumed === null ? 0 : resumed.resumed + 1,
  };
  return jobs.submit({
    ...task,
    title: resumed === null ? task.title : `${task.title} (goes on after an interruption)`,
    run: (context) => interrupted.during(record, () => task.run(context)),
  });
}
