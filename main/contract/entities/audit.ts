import { z } from 'zod';
import { ModelId } from '../ids';
import { limits } from '../limits';
import { Conditioning } from './conditioning';
import { count, probability } from './numbers';
import { MaskThresholds } from './view';

/** What a person says of a place. merged: a wall is missing; split: a wall too many. */
export const AuditAnswer = z.enum(['right', 'merged', 'split', 'skipped']);
export type AuditAnswer = z.infer<typeof AuditAnswer>;

/** More places than anybody answers in a day. */
export const MOST_PLACES = 1000;

/** One frame of a slice, in its pixels. */
export const AuditPlace = z.object({
  z: count.max(limits.edge),
  x: count.max(limits.edge),
  y: count.max(limits.edge),
  width: z.int().positive().max(limits.edge),
  height: z.int().positive().max(limits.edge),
  /** Length of the mask's membranes in it, in pixels and, where the pixel size is known, in µm. */
  pixels: z.number().nonnegative(),
  micrometres: z.number().nonnegative().nullable(),
  /** null = nobody has answered yet. */
  answer: AuditAnswer.nullable(),
});
export type AuditPlace = z.infer<typeof AuditPlace>;

/** What was in view when the places were drawn. */
export const AuditedState = z.object({
  model: ModelId,
  mask: MaskThresholds,
  /** Sequence of the last step of the project then. */
  sequence: count,
  /** How slices were shown to the model; left out by audits from before it was noted. */
  conditioning: Conditioning.exactOptional(),
});
export type AuditedState = z.infer<typeof AuditedState>;

/** Places drawn at random from the slices that had a prediction, and what was said of them. */
export const Audit = z.object({
  /** ISO time at which the places were drawn. */
  created: z.iso.datetime(),
  seed: count.max(0xffff_ffff),
  state: AuditedState,
  /** Frames that there were to draw from, and on how many slices. */
  frames: count,
  slices: count,
  places: z.array(AuditPlace).min(1).max(MOST_PLACES),
});
export type Audit = z.infer<typeof Audit>;

/** Errors a unit of membrane length, with the bounds of a 95 % interval; `high` is null where so many places are wrong that some must hold more errors than the one that is counted. */
export const ErrorRate = z.object({
  errors: count,
  rate: z.number().nonnegative(),
  low: z.number().nonnegative(),
  high: z.number().nonnegative().nullable(),
});
export type ErrorRate = z.infer<typeof ErrorRate>;

/** What the answers so far come to. */
export const AuditResult = z.object({
  answered: count,
  skipped: count,
  /** Membrane in the answered frames, in `unit`s. */
  length: z.number().nonnegative(),
  /** µm, or 1,000 pixels where the pixel size is not known. */
  unit: z.enum(['µm', '1,000 px']),
  /** null = no membrane was looked at. */
  merges: ErrorRate.nullable(),
  splits: ErrorRate.nullable(),
  /** Share of the answered places that are right; null = none is answered. */
  right: z.object({ share: probability, low: probability, high: probability }).nullable(),
});
export type AuditResult = z.infer<typeof AuditResult>;

/** An audit as the window shows it. */
export const AuditView = z.object({
  audit: Audit,
  result: AuditResult,
  /** For the methods section; null = nothing to say yet. */
  sentence: z.string().nullable(),
  /** The project has steps since the places were drawn. */
  labelsChanged: z.boolean(),
  /** Slices are shown to models in another way since. */
  shownOtherwise: z.boolean(),
  /** Name of the version whose mask was judged. */
  modelName: z.string(),
});
export type AuditView = z.infer<typeof AuditView>;

/** What lies in a project of an audit. damaged: a file that can't be read, or is of a later version of Membrana. */
export const FoundAudit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('damaged') }),
  z.object({ kind: z.literal('kept'), view: AuditView }),
]);
export type FoundAudit = z.infer<typeof FoundAudit>;
