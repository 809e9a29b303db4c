import { createHash } from 'node:crypto';
import type {
  Conditioning,
  JobResult,
  MaskThresholds,
  Obedience,
  PixelSize,
  UnlabelledCheck,
} from '#contract/entities';
import { formatConditioning } from '#contract/conditioning-text';
import { MembranaError } from '#contract/errors';
import type { ModelId } from '#contract/ids';
import { isOwnClass } from '#contract/mask/class-mask';
import type { SourceReference } from '#main/stacks/source/source-identity';
import type {
  ClassComparison,
  Comparison,
  LabelledStacks,
  NamedClass,
  StrokesWrong,
  TrainResult,
} from '../compute/requests';
import type { JobEngine } from '../engines/job-engine';
import { correctionGate } from '../models/correction-gate';
import { afterOtherConditioning, afterSwitch, statusOf, type Verdict } from '../models/gate';
import type { ModelDraft } from '../models/model-file';
import { newModelId, type ModelStore, type StoredModel } from '../models/model-store';
import { roundStart } from '../models/round-start';
import type { JobContext, JobTask } from './job-queue';
import type { PreviewRing } from './preview-ring';
import {
  collectCorrections,
  fingerprintName,
  heldName,
  learntLabels,
  type SliceLabels,
} from './collected-corrections';
import { whileKept, type Keeping } from './kept-checkpoint';
import { forwardTraining } from './training-progress';
import { trainWithFallback } from './training-with-fallback';
import { untouchedSlices } from './untouched-slices';

export interface RetrainRequest {
  /** The stack, its depth and pixel size, and the slices that have labels. */
  readonly stack: {
    readonly source: SourceReference;
    readonly name: string;
    readonly depth: number;
    readonly pixelSize: PixelSize | null;
    readonly conditioning: Conditioning;
  };
  readonly reviewed: readonly number[];
  /** The project's classes beside interior and membrane. */
  readonly classes: readonly NamedClass[];
  /** The slice that the user looks at, and the thresholds of its mask. */
  readonly compare: { readonly z: number; readonly mask: MaskThresholds };
  /** The version in use. */
  readonly model: StoredModel;
  /** Bundled labelled crops; null = not there. */
  readonly replay: LabelledStacks | null;
  /** null = as many as the recipe has; a slow machine takes longer for them. */
  readonly steps: number | null;
  readonly seed: number;
}

export interface RetrainServices {
  readonly engine: JobEngine;
  readonly models: ModelStore;
  readonly previews: PreviewRing;
  readonly checkpoint: Keeping;
  /** The corrections that the checkpoint was made with; on others it is not gone on from. */
  readonly learnt: string | null;
  /** The corrections are collected, under the name that `learnt` would have. */
  readonly collected: (learnt: string) => Promise<void>;
  /** Label bytes of a whole slice. */
  readonly labels: (z: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** When the labels of a slice last changed: larger is newer. */
  readonly changedAt: (z: number) => number;
  /** The version that is in use now: the user may have changed it while this one trained. */
  readonly inUse: () => Promise<{ readonly id: ModelId; readonly name: string } | null>;
  /** Whether slices are still shown to models as the request says: the user may have changed that as well. */
  readonly shownSo: () => boolean;
  /** The version is on the disk; when accepted it becomes the one in use. */
  readonly added: (model: ModelId, accepted: boolean) => Promise<void>;
}

type FoundStrokes = NonNullable<Obedience['classes']>[number]['trained'];

/** The classes of a project that are learnt as maps of their own. */
export function ownClasses(classes: readonly NamedClass[]): NamedClass[] {
  return classes
    .filter(({ id }) => isOwnClass(id))
    .map(({ id, name, colour }) => ({ id, name, colour }));
}

/** Retrains the version in use on the corrections and lets the gate decide whether the new one takes its place. */
export function retrainJob(request: RetrainRequest, services: RetrainServices): JobTask {
  const { model } = request;
  return {
    kind: 'retrain',
    title: `Retrain ${model.file.name} on your corrections`,
    run: (context) => whileKept(services.checkpoint, () => retrain(request, services, context)),
  };
}

async function retrain(
  request: RetrainRequest,
  services: RetrainServices,
  context: JobContext,
): Promise<JobResult> {
  const { model, stack, reviewed } = request;
  const began = performance.now();
  context.progress({ done: 0, total: 0, unit: 'steps', note: 'Collecting corrections' });
  if (reviewed.length === 0) throw noCorrections();
  const versions = (await services.models.list()).models;
  const { slices, left } = await collectCorrections(
    { reviewed, changedAt: services.changedAt, labels: services.labels },
    learntLabels(
      model.file,
      versions.map(({ file }) => file),
    ),
    {
      signal: context.signal,
      note: (note) => {
        context.progress({ done: 0, total: 0, unit: 'steps', note });
      },
    },
  );
  if (slices.length === 0) throw noCorrections();
  const start = roundStart(model, versions, !left.some(({ reason }) => reason === 'no-room'));
  const learnt = digestOf(start.file.id, request, slices);
  await services.collected(learnt);
  const resume = services.checkpoint.resume && services.learnt === learnt;
  const result = await trainWithFallback(
    services.engine,
    {
      data: {
        kind: 'corrections',
        inUse: model.folder,
        stack: stack.source,
        pixelSize: stack.pixelSize,
        conditioning: stack.conditioning,
        slices: slices.map(({ z, labels, recent, heldBefore }) => ({
          z,
          labels,
          recent,
          heldBefore,
        })),
        classes: [...request.classes],
        untouched: untouchedSlices(stack.depth, reviewed),
        replay: request.replay,
        compare: request.compare,
      },
      start: { kind: 'model', folder: start.folder },
      budget: { steps: request.steps, seconds: null },
      seed: request.seed,
      checkpoint: { ...services.checkpoint, resume },
    },
    {
      signal: context.signal,
      remark: context.remark,
      onProgress: forwardTraining(context, services.previews),
    },
  );
  const { comparison } = result;
  if (comparison === null) throw new Error('a retraining compares both versions');
  const inUse = await services.inUse();
  const gated = correctionGate(comparison);
  const judged = services.shownSo() ? gated : afterOtherConditioning(gated);
  const verdict =
    inUse === null || inUse.id === model.file.id ? judged : afterSwitch(judged, inUse.name);
  const { file } = await services.models.add(
    retrainedDraft(request, start, parted(slices, result), result, verdict),
    result.weights,
  );
  await services.added(file.id, verdict.kind === 'accepted');
  return {
    kind: 'trained',
    model: file.id,
    verdict: verdict.kind,
    reason: verdict.reason,
    replaced: model.file.id,
    before: comparison.dense?.before ?? null,
    after: result.scores,
    seconds: (performance.now() - began) / 1000,
    steps: result.steps,
    ...obedienceOf(comparison),
    changed: comparison.changed === null ? null : { z: request.compare.z, ...comparison.changed },
    left: [...left, ...result.unreadable.map((z) => ({ z, reason: 'unreadable' as const }))].sort(
      (a, b) => a.z - b.z,
    ),
    corrected: reviewed.length,
  };
}

/** Equal names learn from equal corrections of an equal picture, shown in the same way. */
function digestOf(
  start: ModelId,
  { stack: { source, pixelSize, conditioning }, classes }: RetrainRequest,
  slices: readonly SliceLabels[],
): string {
  const { content } = source.identity;
  const hash = createHash('sha256').update(
    JSON.stringify([start, content, pixelSize, formatConditioning(conditioning), ...classes]),
  );
  for (const { z, fingerprint, recent, heldBefore } of slices)
    hash.update(JSON.stringify([z, fingerprint, recent, heldBefore]));
  return hash.digest('hex');
}

function noCorrections(): MembranaError {
  return new MembranaError('labels.none', 'There are no corrections to learn from yet.', {
    hint: 'Paint where the prediction is wrong, or confirm a region that is right, then retrain.',
    safe: 'The model in use stays as it is.',
  });
}

interface Parted {
  readonly taught: readonly SliceLabels[];
  /** As a whole: they train in the next round. */
  readonly held: readonly SliceLabels[];
}

/** The slices that it really learnt from, and those that judged it. */
function parted(slices: readonly SliceLabels[], { comparison, unreadable }: TrainResult): Parted {
  const judges =
    comparison?.obedience?.held ??
    comparison?.classes?.find(({ held }) => held !== null)?.held ??
    null;
  const kept = new Set(judges?.whole === true ? judges.slices : []);
  return {
    taught: slices.filter(({ z }) => !unreadable.includes(z) && !kept.has(z)),
    held: slices.filter(({ z }) => kept.has(z)),
  };
}

function obedienceOf({ obedience, classes = [] }: Comparison): { readonly obedience?: Obedience } {
  if (obedience === null && classes.length === 0) return {};
  const right = (strokes: StrokesWrong | null): Obedience['held'] =>
    strokes === null ? null : { before: 1 - strokes.before.all, after: 1 - strokes.after.all };
  const trained = right(obedience?.trained ?? null);
  const held = right(obedience?.held ?? null);
  if (classes.length === 0) return { obedience: { trained, held } };
  const found = classes.map((one) => ({
    name: one.name,
    trained: foundOf(one.trained),
    held: foundOf(one.held),
  }));
  return { obedience: { trained, held, classes: found } };
}

/** The share of a class's strokes that each version finds. */
function foundOf(strokes: ClassComparison['trained']): FoundStrokes {
  if (strokes === null) return null;
  const { before, after } = strokes;
  return { before: before === null ? null : 1 - before.own, after: 1 - after.own };
}

/** What the gate measured on slices without labels, for the card. */
function unlabelledOf(comparison: Comparison | null): { readonly unlabelled?: UnlabelledCheck } {
  const untouched = comparison?.untouched ?? null;
  if (untouched === null) return {};
  const { slices, cells, lineWidth } = untouched;
  return { unlabelled: { slices, cells, lineWidth } };
}

function retrainedDraft(
  { model, stack, seed }: RetrainRequest,
  start: StoredModel,
  { taught, held }: Parted,
  result: TrainResult,
  verdict: Verdict,
): ModelDraft {
  const parent = model.file;
  return {
    id: newModelId(),
    name: nextName(parent.name),
    origin: 'retrained',
    parent: parent.id,
    created: new Date().toISOString(),
    network: result.network,
    baseFilters: result.baseFilters,
    normalisation: parent.normalisation,
    // Corrections were brought to it, so it stays what it was.
    pixelSize: parent.pixelSize,
    conditioning: stack.conditioning,
    thresholds: result.thresholds,
    classes: result.classes,
    scores: result.scores,
    scoresNote:
      'On bundled crops set aside for it, which the bundled model "general" learnt from: they say what it still knows of other stacks, not how it does on this one.',
    training: {
      steps: result.steps,
      seconds: result.seconds,
      engine: result.engine,
      device: result.device,
      seed,
      summary: `${result.steps} steps on corrections of ${taught.length} ${taught.length === 1 ? 'slice' : 'slices'} of ${stack.name}`,
      data: [
        ...taught.map((slice) => ({ ...slice, name: fingerprintName(slice.z) })),
        ...held.map((slice) => ({ ...slice, name: heldName(slice.z) })),
      ].map(({ z, name, fingerprint }) => ({ name, fingerprint, slices: String(z) })),
      recipe: { ...result.recipe, start: start.file.id },
      curve: result.curve,
      ...(result.comparison === null ? {} : obedienceOf(result.comparison)),
      ...unlabelledOf(result.comparison),
    },
    licence: parent.licence,
    citation: parent.citation,
    status: statusOf(verdict),
  };
}

/** "isbi-base8" → "isbi-base8 · 2" → "isbi-base8 · 3". */
function nextName(name: string): string {
  const match = /^(.*) · (\d+)$/.exec(name);
  return match ? `${match[1] ?? name} · ${Number(match[2]) + 1}` : `${name} · 2`;
}
