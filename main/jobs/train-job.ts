import { basename } from 'node:path';
import { z } from 'zod';
import { PixelSize, type JobResult } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { sliceMark } from '#contract/slice-marks';
import { LabelledStacks } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { trainedDraft } from '../models/trained-draft';
import { newModelId, type ModelStore } from '../models/model-store';
import type { JobContext, JobTask } from './job-queue';
import type { PreviewRing } from './preview-ring';
import { whileKept, type Keeping } from './kept-checkpoint';
import { forwardTraining } from './training-progress';
import { trainDown } from './train-down';

export const TrainRequest = z.object({
  stacks: LabelledStacks,
  /** Of the image stack. */
  pixelSize: PixelSize.nullable(),
  name: z.string(),
  /** Of the network, also where it goes on from a version. */
  baseFilters: z.int(),
  budget: z.object({ steps: z.int().nullable(), seconds: z.number().nullable() }),
  seed: z.int(),
  /** Version to go on from; null = fresh weights. */
  from: z.object({ id: ModelId, folder: z.string() }).nullable(),
});
export type TrainRequest = z.infer<typeof TrainRequest>;

export interface TrainServices {
  readonly engine: JobEngine;
  readonly models: ModelStore;
  readonly previews: PreviewRing;
  readonly checkpoint: Keeping;
  /** The new version is on the disk. */
  readonly added: (model: ModelId) => Promise<void>;
}

/** Trains from an image stack and its label stack; the result is a new version, never a changed one. */
export function trainJob(request: TrainRequest, services: TrainServices): JobTask {
  const { stacks, name } = request;
  return {
    kind: 'train',
    title: `Train ${name} on ${basename(stacks.image.path)}, slices ${sliceMark(stacks.train)}`,
    run: (context) => whileKept(services.checkpoint, () => trainAndAdd(request, services, context)),
  };
}

async function trainAndAdd(
  request: TrainRequest,
  services: TrainServices,
  context: JobContext,
): Promise<JobResult> {
  const { stacks, name, from, seed, pixelSize } = request;
  context.progress({ done: 0, total: 0, unit: 'steps', note: 'Starting the engine' });
  const began = performance.now();
  const result = await trainDown(
    services.engine,
    {
      data: { kind: 'stacks', sources: [stacks] },
      start:
        from === null
          ? { kind: 'fresh', baseFilters: request.baseFilters }
          : { kind: 'model', folder: from.folder },
      budget: request.budget,
      seed,
      checkpoint: services.checkpoint,
    },
    {
      signal: context.signal,
      remark: context.remark,
      onProgress: forwardTraining(context, services.previews),
    },
  );
  const parent = from?.id ?? null;
  const draft = await trainedDraft(result, {
    id: newModelId(),
    name,
    parent,
    sources: [stacks],
    seed,
    pixelSize,
  });
  const { file } = await services.models.add(draft, result.weights);
  await services.added(file.id);
  return {
    kind: 'trained',
    model: file.id,
    accepted: true,
    reason: file.status.reason,
    before: null,
    after: result.scores,
    seconds: (performance.now() - began) / 1000,
    steps: result.steps,
    changed: null,
  };
}
