import { z } from 'zod';
import { limits } from '../limits';
import { LabelValue } from './labels';
import { count } from './numbers';

/** Where a value of a label file goes: a class (127 = void), or nowhere, so that the pixel stays as it is. */
export const MappedClass = z.union([z.literal('leave'), z.int().min(1).max(127)]);
export type MappedClass = z.infer<typeof MappedClass>;

/** More values than that are no classes but cells, one by one. */
export const MOST_CLASS_VALUES = 20;
/** The widest membrane that is drawn between cells, in pixels. */
export const WIDEST_BOUNDARY = 15;

/**
 * How values of a label file become classes. `values`: each value has its
 * class, and `rest` is for those that are not listed (null = there are none).
 * `boundaries`: values are cells; where two of them meet lies a membrane of
 * `width` pixels, the rest of them is interior. 0 is membrane, a cell like any
 * other, or where nobody has looked.
 */
export const LabelMapping = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('values'),
    classes: z.array(z.object({ value: z.number(), class: MappedClass })).max(limits.entries),
    rest: MappedClass.nullable(),
  }),
  z.object({
    kind: z.literal('boundaries'),
    width: z.int().min(1).max(WIDEST_BOUNDARY),
    zero: z.enum(['membrane', 'cell', 'leave']),
  }),
]);
export type LabelMapping = z.infer<typeof LabelMapping>;

/** As what labels come in: as if somebody had painted them, or accepted a prediction. */
export const ImportedAs = z.enum(['painted', 'confirmed']);
export type ImportedAs = z.infer<typeof ImportedAs>;

/** What becomes of pixels that have a label already. Locked classes are kept in any case. */
export const ExistingLabels = z.enum(['keep', 'replace']);
export type ExistingLabels = z.infer<typeof ExistingLabels>;

/** How a label file is read into the layer that is shown. */
export const ImportChoice = z.object({
  mapping: LabelMapping,
  as: ImportedAs,
  existing: ExistingLabels,
  /** The slice of the stack that its first slice belongs to, from 0. */
  first: count,
});
export type ImportChoice = z.infer<typeof ImportChoice>;

/** What a label file holds, before it is imported. */
export const LabelFileSummary = z.object({
  name: z.string(),
  depth: count,
  /** The most frequent values first, so many at most as can be classes. */
  values: z.array(LabelValue),
  /** How many values there are. */
  distinct: count,
  /** What should be known about how the values are read. */
  notes: z.array(z.string()),
  /** What the values probably mean; null = nothing tells. */
  suggestion: LabelMapping.nullable(),
});
export type LabelFileSummary = z.infer<typeof LabelFileSummary>;
