import { stat } from 'node:fs/promises';
import type { JobId } from '#contract/ids';
import { parseSliceRange } from '#contract/slice-range';
import type { ParsedInput } from '#main/ipc/handlers';
import { trainJob } from '#main/jobs/train-job';
import { openStack } from '#main/stacks/open-stack';
import type { OpenProject } from './open-project';
import type { ServiceParts } from './service-parts';

async function depthOf(path: string): Promise<number> {
  const source = await openStack(path, { signal: new AbortController().signal });
  try {
    return source.info.depth;
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
  { session, grants, engines, jobs, previews, publish }: ServiceParts,
  input: ParsedInput<'train.start'>,
): Promise<JobId> {
  const image = await grants.path(input.image, 'stack', 'labels');
  const labels = await grants.path(input.labels, 'labels', 'stack');
  const depth = await depthOf(image);
  const train = parseSliceRange(input.train, depth);
  const validate = input.validate.trim() === '' ? [] : parseSliceRange(input.validate, depth);
  const unseen = session.current === null;
  const open: OpenProject = session.current ?? (await session.openStack(image, () => undefined));
  open.project.mustWrite();
  const from = input.from === null ? null : await open.models.find(input.from);
  const { budget } = input;
  return jobs.submit(
    trainJob(
      {
        stacks: { image, labels, membrane: input.membrane, void: null, train, validate },
        name: input.name.trim() === '' ? 'Trained model' : input.name.trim(),
        baseFilters: input.baseFilters,
        budget:
          budget.kind === 'steps'
            ? { steps: budget.steps, seconds: null }
            : { steps: null, seconds: budget.minutes * 60 },
        seed: input.seed,
        from: from === null ? null : { id: from.file.id, folder: from.folder },
      },
      {
        engine: engines.forJob('train', from?.file.baseFilters ?? input.baseFilters),
        models: open.models,
        previews,
        async added(model) {
          if (open.project.currentModel === null) await open.project.setCurrentModel(model);
          await session.announceModels();
          if (!unseen || (await stat(image).catch(() => null)) === null) return;
          publish('files.offered', { grants: [await grants.grant(image, 'stack')], via: 'system' });
        },
      },
    ),
  );
}
