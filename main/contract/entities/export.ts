import { z } from 'zod';

/** What can be written as a TIFF: membrane or not, class ids, states of review, membrane probability. */
export const ExportedImage = z.enum(['mask', 'classes', 'review', 'probability']);
export type ExportedImage = z.infer<typeof ExportedImage>;

/**
 * What becomes of slices that have nothing to write, since neither a model nor
 * a person has been through all of them: nothing is written, they are
 * segmented first, or they are left out.
 */
export const MissingSlices = z.enum(['refuse', 'segment', 'leave-out']);
export type MissingSlices = z.infer<typeof MissingSlices>;

/** What a value of an exported image says. */
export const ExportedValue = z.object({ value: z.int().min(0).max(255), name: z.string() });
export type ExportedValue = z.infer<typeof ExportedValue>;
