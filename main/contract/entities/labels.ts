import { z } from 'zod';
import { limits } from '../limits';
import { count } from './numbers';

/** `#rrggbb` */
export const Colour = z.string().regex(/^#[0-9a-f]{6}$/);

export const LabelClass = z.object({
  id: z.int().min(1).max(126),
  name: z.string().min(1).max(60),
  colour: Colour,
  /** The digit that takes it in hand; null = none. */
  key: z.int().min(1).max(9).nullable().default(null),
  /** Nothing paints over the pixels of a locked class. */
  locked: z.boolean().default(false),
});
export type LabelClass = z.infer<typeof LabelClass>;

/** All classes of a project, each once. */
export function classList<Class extends z.ZodType<LabelClass>>(one: Class): z.ZodArray<Class> {
  return z
    .array(one)
    .min(1)
    .max(limits.classes)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'a class comes twice');
}

/** Reviewed pixels of a slice; slices without any are left out. */
export const Coverage = z.object({ z: count, painted: count, confirmed: count });
export type Coverage = z.infer<typeof Coverage>;

/** A value of a label stack; `colour`: what a value of a colour picture is called (`#rrggbb`), null = its number. */
export const LabelValue = z.object({
  value: z.number(),
  fraction: z.number(),
  colour: z.string().nullable(),
});
export type LabelValue = z.infer<typeof LabelValue>;

/** What the values of a label stack could mean, for the train dialog. */
export const LabelSummary = z.object({
  width: count,
  height: count,
  depth: count,
  values: z.array(LabelValue),
  /** What should be known about how the label file's values are read. */
  notes: z.array(z.string()),
  suggestedMembrane: z.number().nullable(),
  suggestedTrain: z.array(count),
  suggestedValidate: z.array(count),
});
export type LabelSummary = z.infer<typeof LabelSummary>;

/** Labelled pixels of a class, and on how many slices they lie. */
export const ClassCount = z.object({
  class: z.int().min(1).max(127),
  pixels: count,
  slices: count,
});
export type ClassCount = z.infer<typeof ClassCount>;

/** Where a class is in use: a layer, removed or not, that has pixels of it. */
export const ClassUse = z.object({
  stack: z.string(),
  layer: z.string(),
  /** Whether it is the layer in the window, another one, or one that was removed and is kept. */
  where: z.enum(['shown', 'other', 'removed']),
  pixels: count,
  slices: count,
});
export type ClassUse = z.infer<typeof ClassUse>;
