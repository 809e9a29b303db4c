import { z } from 'zod';
import { GrantId, JobId, ModelId } from '../ids';
import { AccuracyReport } from './accuracy';
import { ErrorReport } from './error-report';
import { ExportedImage, ExportedValue, ExportFormat } from './export';
import { Obedience, Scores } from './model';
import { TrustLight } from './trust';
import { count } from './numbers';

export const JobKind = z.enum([
  'segment',
  'train',
  'retrain',
  'fit',
  'export',
  'trust',
  'changes',
  'accuracy',
]);
export type JobKind = z.infer<typeof JobKind>;

/** Why a corrected slice was left out of a retraining: older than those there was room for, without a label that teaches, or damaged in the file. */
export const LeftOutReason = z.enum(['no-room', 'only-void', 'unreadable']);
export type LeftOutReason = z.infer<typeof LeftOutReason>;

/** What a finished job leaves. Changed pixels compare the current slice's mask before and after. */
export const JobResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('segmented'),
    slices: count,
    seconds: z.number(),
    model: ModelId,
    skipped: z.array(z.object({ z: count, reason: z.string() })),
    /** What the pixel sizes of stack and model meant for it; empty = nothing to tell. */
    pixelNote: z.string(),
  }),
  z.object({
    kind: z.literal('trained'),
    model: ModelId,
    /** `offered`: nothing says whether it is better than the version in use, so it was not put in its place. */
    verdict: z.enum(['accepted', 'kept-aside', 'offered']),
    /** What decided, on which slices and at which thresholds. */
    reason: z.string(),
    /** The version in use that it was held against, and that an accepted one replaced; null = there was none. */
    replaced: ModelId.nullable(),
    before: Scores.nullable(),
    after: Scores.nullable(),
    seconds: z.number(),
    steps: count,
    /** Left out where it did not learn from strokes. */
    obedience: Obedience.optional(),
    /** Of the pixels without a label on the slice in view, those whose mask is another now. */
    changed: z.object({ z: count, pixels: count, unlabelled: count }).nullable(),
    /** Corrected slices that taught nothing in this round. */
    left: z.array(z.object({ z: count, reason: LeftOutReason })),
    /** All corrected slices, those among them. */
    corrected: count,
  }),
  z.object({
    kind: z.literal('compared'),
    from: ModelId,
    to: ModelId,
    /** Slices that were segmented for it. */
    slices: count,
    seconds: z.number(),
    skipped: z.array(z.object({ z: count, reason: z.string() })),
  }),
  z.object({ kind: z.literal('trust'), light: TrustLight, seconds: z.number() }),
  z.object({ kind: z.literal('measured'), report: AccuracyReport }),
  z.object({
    kind: z.literal('exported'),
    what: ExportedImage,
    format: ExportFormat,
    name: z.string(),
    bytes: z.number(),
    /** Name of the folder that it lies in, and the grant by which it can be shown there. */
    folder: z.string(),
    grant: GrantId,
    /** The slices written, one after the other, and those left out because nothing was there to write. */
    slices: z.array(count),
    leftOut: z.array(count),
    values: z.array(ExportedValue),
  }),
]);
export type JobResult = z.infer<typeof JobResult>;

const jobBase = {
  id: JobId,
  kind: JobKind,
  title: z.string(),
  /** Nobody asked for it by hand: it gives way to every other job, and goes on after it. */
  background: z.literal(true).optional(),
  /** What happened on the way that a person should know, such as a step down to another engine. */
  remarks: z.array(z.string()).optional(),
};
export const Job = z.discriminatedUnion('state', [
  z.object({ ...jobBase, state: z.literal('queued') }),
  z.object({
    ...jobBase,
    state: z.literal('running'),
    done: z.number(),
    total: z.number(),
    /** `percent`: of a training that the clock ends, whose steps nobody knows beforehand. */
    unit: z.enum(['slices', 'steps', 'percent']),
    secondsLeft: z.number().nullable(),
    note: z.string(),
  }),
  z.object({ ...jobBase, state: z.literal('done'), result: JobResult }),
  z.object({ ...jobBase, state: z.literal('failed'), error: ErrorReport }),
  z.object({ ...jobBase, state: z.literal('cancelled') }),
]);
export type Job = z.infer<typeof Job>;

/** Streamed while a model trains; pictures are fetched by pixel URL `preview/<job>/<step>/…`. */
export const TrainingUpdate = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('step'),
    step: count,
    /** Of the whole training; null where the clock ends it. */
    steps: count.nullable(),
    /** How much of it lies behind, in [0, 1]. */
    share: z.number().min(0).max(1),
    loss: z.number(),
    learningRate: z.number(),
  }),
  z.object({ kind: z.literal('validation'), step: count, scores: Scores, loss: z.number() }),
  z.object({ kind: z.literal('preview'), step: count, width: count, height: count }),
]);
export type TrainingUpdate = z.infer<typeof TrainingUpdate>;
