import { basename } from 'node:path';
import type { JobResult, StackInfo } from '#contract/entities';
import { isAbort, MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import type { JobId } from '#contract/ids';
import type { ParsedInput } from '#main/ipc/handlers';
import type { JobContext } from '#main/jobs/job-queue';
import { newCheckpoint } from '#main/jobs/kept-checkpoint';
import { trainJob, type TrainRequest } from '#main/jobs/train-job';
import { pixelSizeOf } from '#main/models/pixel-size';
import type { Interrupted } from '#main/jobs/interrupted-store';
import { openStack, sourceReference } from '#main/stacks/open-stack';
import type { SourceReference } from '#main/stacks/source/source-identity';
import { requireSlice } from '#main/stacks/stack-source';
import { nodeFileSystem } from '#main/storage/node-file-system';
import type { OpenProject } from '../open/open-project';
import { segmentWithBoth } from './segment-again';
import type { ServiceParts } from '../service-parts';
import { goesOn, trainingRival, versionInUse } from './training-rival';

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
 * version comes into use where it is better than the one in use on validation
 * slices that neither learnt from.
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
  requireApart(train, validate);
  const unseen = session.current === null;
  const open: OpenProject =
    meant ?? session.current ?? (await session.openStack(image, () => undefined));
  if (input.at !== null) session.at(input.at);
  open.project.assertWritable();
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
      ...(await trainingRival(open, { path: image, name: basename(image) }, validate)),
    },
    { offer: unseen, resumed: null },
  );
}

function requireApart(train: readonly number[], validate: readonly number[]): void {
  const both = validate.filter((z) => train.includes(z));
  if (both.length === 0) return;
  throw new MembranaError(
    'usage',
    `Slices ${sliceMark(both)} are both to train and to validate on.`,
    { hint: 'A model must be scored on slices it never saw: name each slice once.', data: {} },
  );
}

/** `offer`: the window has not seen the stack yet. `resumed`: what is to go on. */
export function submitTraining(
  parts: ServiceParts,
  open: OpenProject,
  request: TrainRequest,
  { offer, resumed }: { readonly offer: boolean; readonly resumed: Interrupted | null },
): JobId {
  const { session, grants, engines, jobs, previews, publish, interrupted } = parts;
  const { path: image } = request.stacks.image;
  const project = open.project.folder;
  const checkpoint =
    resumed === null
      ? newCheckpoint(project)
      : { path: resumed.checkpoint, resume: true, every: null, anew: true as const };
  const task = trainJob(request, {
    engine: engines.forJob('train', request.baseFilters),
    models: open.models,
    previews,
    checkpoint,
    inUse: () => versionInUse(open),
    async added(model, accepted) {
      if (accepted) await open.project.setCurrentModel(model);
      await session.announceModels();
      if (!offer || (await nodeFileSystem.status(image)) === null) return;
      publish('files.offered', { grants: [await grants.grant(image, 'stack')], via: 'system' });
    },
  });
  const record: Interrupted = {
    project,
    checkpoint: checkpoint.path,
    request: { kind: 'train', training: request },
    resumed: resumed === null ? 0 : resumed.resumed + 1,
  };
  return jobs.submit({
    ...task,
    title: goesOn(task.title, resumed),
    run: (context) =>
      interrupted.during(record, async () =>
        withChange(parts, open, request, await task.run(context), context),
      ),
  });
}

/** The slice in view under both versions, where they were compared on its stack: "Show what changed". */
async function withChange(
  parts: ServiceParts,
  open: OpenProject,
  { against }: TrainRequest,
  result: JobResult,
  context: JobContext,
): Promise<JobResult> {
  if (result.kind !== 'trained' || result.replaced === null || against.kind !== 'compare')
    return result;
  const { project } = open;
  const z = Math.min(project.view.z, project.stack.info.depth - 1);
  // The version is safe on disk by now: a failure here must not make the training one.
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
