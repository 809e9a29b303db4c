import { z } from 'zod';

/** What can be exported: membrane or not, class ids, states of review, membrane probability. */
export const ExportedImage = z.enum(['mask', 'classes', 'review', 'probability']);
export type ExportedImage = z.infer<typeof ExportedImage>;

/**
 * As what it is written: `tiff` one file in ImageJ's flavour, `ome-zarr-0.4` a
 * folder (Zarr v2), `ome-zarr-0.5` a folder of shards (Zarr v3), `png` a folder
 * with a picture a slice, `nrrd` one file.
 */
export const exportFormats = ['tiff', 'ome-zarr-0.4', 'ome-zarr-0.5', 'png', 'nrrd'] as const;
export const ExportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof ExportFormat>;

/** Which numbers a mask is written as: 255 = membrane, or 1 = membrane. */
export const maskValues = ['0/255', '0/1'] as const;
export const MaskValues = z.enum(maskValues);
export type MaskValues = z.infer<typeof MaskValues>;

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
