import { basename } from 'node:path';
import { z } from 'zod';
import { PixelSize, type JobResult } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { sliceMark } from '#contract/slice-marks';
import { LabelledStacks, type TrainParams, type TrainResult } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { afterSwitch, incomparable, statusOf, trainingGate, type Verdict } from '../models/gate';
import { trainedDraft } from '../models/trained-draft';
import { newModelId, type ModelStore } from '../models/model-store';
import type { JobContext, JobTask } from './job-queue';
import type { PreviewRing } from './preview-ring';
import { whileKept, type Keeping } from './kept-checkpoint';
import { forwardTraining } from './training-progress';
import { trainWithFallback } from './training-with-fallback';

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
  /** The version in use; null = there is none. */
  rival: z.object({ id: ModelId, name: z.string() }).nullable().default(null),
  /** On which validation slices the two are compared, or why they can't be. */
  against: z
    .discriminatedUnion('kind', [
      z.object({
        kind: z.literal('compare'),
        slices: z.array(z.int().nonnegative()).min(1),
        /** The version in use has learnt from these slices itself. */
        favoured: z.boolean(),
      }),
      ...incomparable,
    ])
    .default({ kind: 'no-validation' }),
});
export type TrainRequest = z.infer<typeof TrainRequest>;

export interface TrainServices {
  readonly engine: JobEngine;
  readonly models: ModelStore;
  readonly previews: PreviewRing;
  readonly checkpoint: Keeping;
  /** The version that is in use now: the user may have changed it while this one trained. */
  readonly inUse: () => Promise<{ readonly id: ModelId; readonly name: string } | null>;
  /** The new version is on the disk; when accepted it becomes the one in use. */
  readonly added: (model: ModelId, accepted: boolean) => Promise<void>;
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
  const result = await trainWithFallback(
    services.engine,
    {
      data: { kind: 'stacks', sources: [stacks], ...(await compared(request, services)) },
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
  const verdict = await judge(request, result.comparison, services);
  const { file } = await services.models.add(
    { ...draft, status: statusOf(verdict) },
    result.weights,
  );
  await services.added(file.id, verdict.kind === 'accepted');
  return {
    kind: 'trained',
    model: file.id,
    verdict: verdict.kind,
    reason: verdict.reason,
    replaced: request.rival?.id ?? null,
    before: result.comparison?.dense?.before ?? null,
    after: result.scores,
    seconds: (performance.now() - began) / 1000,
    steps: result.steps,
    changed: null,
    left: [],
    corrected: 0,
  };
}

/** The version in use, for the compute process to score beside the new one. */
async function compared(
  { rival, against, pixelSize }: TrainRequest,
  { models }: TrainServices,
): Promise<Pick<Extract<TrainParams['data'], { kind: 'stacks' }>, 'compare'>> {
  if (rival === null || against.kind !== 'compare') return {};
  const { folder } = await models.find(rival.id);
  return { compare: { folder, slices: against.slices, pixelSize } };
}

async function judge(
  { rival, against }: TrainRequest,
  comparison: TrainResult['comparison'],
  services: TrainServices,
): Promise<Verdict> {
  const facts = against.kind === 'compare' ? comparison : against;
  if (facts === null) throw new Error('both versions were to be compared');
  const verdict = trainingGate(
    facts,
    rival?.name ?? '',
    against.kind === 'compare' && against.favoured,
  );
  const inUse = await services.inUse();
  return inUse === null || inUse.id === rival?.id ? verdict : afterSwitch(verdict, inUse.name);
}
