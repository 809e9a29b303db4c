import type { Conditioning, JobResult, PixelSize } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type { CleanPictures } from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { fitGate } from '../models/fit-gate';
import { fittedDraft } from '../models/fitted-draft';
import { afterOtherConditioning, afterSwitch, statusOf } from '../models/gate';
import { newModelId, type ModelStore, type StoredModel } from '../models/model-store';
import type { JobContext, JobTask } from './job-queue';
import { whileKept, type Keeping } from './kept-checkpoint';
import { lookSlices } from './look-slices';
import type { PreviewRing } from './preview-ring';
import { picturesCredit } from './replay-data';
import { trainWithFallback } from './training-with-fallback';
import { forwardTraining } from './training-progress';

export interface FitRequest {
  readonly stack: {
    readonly source: SourceReference;
    readonly name: string;
    readonly depth: number;
    readonly pixelSize: PixelSize | null;
    readonly conditioning: Conditioning;
  };
  /** The version in use. */
  readonly model: StoredModel;
  /** The bundled ones. */
  readonly pictures: readonly CleanPictures[];
  readonly budget: { readonly steps: number | null; readonly seconds: number | null };
  readonly seed: number;
}

export interface FitServices {
  readonly engine: JobEngine;
  readonly models: ModelStore;
  readonly previews: PreviewRing;
  readonly checkpoint: Keeping;
  /** The version that is in use now: the user may have changed it while this one trained. */
  readonly inUse: () => Promise<{ readonly id: ModelId; readonly name: string } | null>;
  /** Whether slices are still shown to models as the request says: the user may have changed that as well. */
  readonly shownSo: () => boolean;
  /** The version is on the disk; when accepted it becomes the one in use. */
  readonly added: (model: ModelId, accepted: boolean) => Promise<void>;
}

/** Fits the version in use to the stack, of which nothing need be labelled; it takes its place where its answers became steadier. */
export function fitJob(request: FitRequest, services: FitServices): JobTask {
  const { model, stack } = request;
  return {
    kind: 'fit',
    title: `Fit ${model.file.name} to ${stack.name}`,
    run: (context) => whileKept(services.checkpoint, () => fit(request, services, context)),
  };
}

async function fit(
  request: FitRequest,
  services: FitServices,
  context: JobContext,
): Promise<JobResult> {
  const { model, stack, pictures } = request;
  const began = performance.now();
  context.progress({ done: 0, total: 0, unit: 'steps', note: 'Starting the engine' });
  const { source, depth, pixelSize, conditioning } = stack;
  const result = await trainWithFallback(
    services.engine,
    {
      data: {
        kind: 'fit',
        stack: source,
        pixelSize,
        conditioning,
        slices: lookSlices(depth),
        pictures: [...pictures],
      },
      start: { kind: 'model', folder: model.folder },
      budget: request.budget,
      seed: request.seed,
      checkpoint: services.checkpoint,
    },
    {
      signal: context.signal,
      remark: context.remark,
      onProgress: forwardTraining(context, services.previews),
    },
  );
  if (result.fitted === undefined) throw new Error('a fit reports what it did');
  const gated = fitGate(result.fitted, model.file.name);
  const judged = services.shownSo() ? gated : afterOtherConditioning(gated);
  const inUse = await services.inUse();
  const verdict =
    inUse === null || inUse.id === model.file.id ? judged : afterSwitch(judged, inUse.name);
  const draft = await fittedDraft(result, {
    id: newModelId(),
    name: `${model.file.name}, fitted`.slice(0, LONGEST_NAME),
    parent: model.file,
    stack: stack.name,
    conditioning,
    pictures,
    credit: picturesCredit,
    seed: request.seed,
    status: statusOf(verdict),
  });
  const { file } = await services.models.add(draft, result.weights);
  await services.added(file.id, verdict.kind === 'accepted');
  return {
    kind: 'trained',
    model: file.id,
    verdict: verdict.kind,
    reason: verdict.reason,
    replaced: model.file.id,
    before: null,
    after: null,
    seconds: (performance.now() - began) / 1000,
    steps: result.steps,
    changed: null,
    left: [],
    corrected: 0,
  };
}

/** Room for the number that a second version of the name gets. */
const LONGEST_NAME = 110;
