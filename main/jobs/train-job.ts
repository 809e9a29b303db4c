import { basename } from 'node:path';
import type { JobResult } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { formatSliceRange } from '#contract/slice-range';
import { trainRun, type LabelledStacks, type TrainParams } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { trainedDraft } from '../models/trained-draft';
import { newModelId, type ModelStore } from '../models/model-store';
import type { JobTask } from './job-queue';
import type { PreviewRing } from './preview-ring';
import { forwardTraining } from './training-progress';

export interface TrainRequest {
  readonly stacks: LabelledStacks;
  readonly name: string;
  readonly baseFilters: number;
  readonly budget: { readonly steps: number | null; readonly seconds: number | null };
  readonly seed: number;
  /** Version to go on from; null = fresh weights. */
  readonly from: { readonly id: ModelId; readonly folder: string } | null;
}

export interface TrainServices {
  readonly engine: JobEngine;
  readonly models: ModelStore;
  readonly previews: PreviewRing;
  /** The new version is on the disk. */
  readonly added: (model: ModelId) => Promise<void>;
}

/** Trains from an image stack and its label stack; the result is a new version, never a changed one. */
export function trainJob(request: TrainRequest, services: TrainServices): JobTask {
  const { stacks, name, from } = request;
  return {
    kind: 'train',
    title: `Train ${name} on ${basename(stacks.image)}, slices ${formatSliceRange(stacks.train)}`,
    async run(context): Promise<JobResult> {
      context.progress({ done: 0, total: 0, unit: 'steps', note: 'Starting the engine' });
      const began = performance.now();
      const result = await services.engine.call(
        trainRun,
        (choice): TrainParams => ({
          data: { kind: 'stacks', ...stacks },
          start:
            from === null
              ? { kind: 'fresh', baseFilters: request.baseFilters }
              : { kind: 'model', folder: from.folder },
          budget: request.budget,
          seed: request.seed,
          checkpoint: null,
          choice,
        }),
        {
          signal: context.signal,
          remark: context.remark,
          onProgress: forwardTraining(context, services.previews),
        },
      );
      const draft = await trainedDraft(result, {
        id: newModelId(),
        name,
        parent: from?.id ?? null,
        stacks,
        seed: request.seed,
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
    },
  };
}
