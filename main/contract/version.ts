import { z } from 'zod';
import { ModelId } from './ids';

const count = z.int().nonnegative();

export const VersionName = z.string().trim().min(1).max(80);

/** A named state of the labels that can be gone back to. */
export const Version = z.object({
  /** Counts up within a project; never used twice. */
  number: z.int().positive(),
  name: z.string(),
  /** ISO time. */
  created: z.string(),
  /** The model in use then; null = the default one. */
  model: ModelId.nullable(),
  /** Slices with labels, and their pixels. */
  slices: count,
  painted: count,
  confirmed: count,
});
export type Version = z.infer<typeof Version>;
