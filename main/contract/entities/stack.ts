import { z } from 'zod';
import { count } from './numbers';

/** Pixel edge lengths in nanometres; null = unknown. Anisotropy is the rule in EM. */
export const VoxelSize = z.object({
  x: z.number().positive().nullable(),
  y: z.number().positive().nullable(),
  z: z.number().positive().nullable(),
  source: z.enum(['file', 'assumed', 'user', 'unknown']),
});
export type VoxelSize = z.infer<typeof VoxelSize>;

/** Edge lengths of a pixel within a slice, both known. */
export const PixelSize = z.object({
  x: z.number().positive(),
  y: z.number().positive(),
  unit: z.literal('nm'),
});
export type PixelSize = z.infer<typeof PixelSize>;

export const elementTypes = [
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
] as const;
export const ElementType = z.enum(elementTypes);
export type ElementType = z.infer<typeof ElementType>;

export const StackWarning = z.object({
  code: z.string(),
  message: z.string(),
  page: count.optional(),
});
export type StackWarning = z.infer<typeof StackWarning>;

/** Which sample says how opaque a pixel is; `premultiplied`: the others were multiplied by it. */
const Alpha = z.object({ sample: count, premultiplied: z.boolean() });

/** What the samples of a pixel mean, as the reader hands them over (palettes, inks and Lab are colours by then). */
export const SampleMeaning = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('grey'),
    stored: z.enum(['grey', 'white-is-zero', 'palette']),
    alpha: Alpha.nullable(),
  }),
  /** Samples 0 to 2 are red, green and blue. */
  z.object({
    kind: z.literal('colour'),
    stored: z.enum(['rgb', 'palette', 'cmyk', 'lab']),
    alpha: Alpha.nullable(),
  }),
  /** Several detectors side by side, of which one is looked at (counted from 0). */
  z.object({
    kind: z.literal('channels'),
    channels: count,
    channel: count,
    alpha: Alpha.nullable(),
  }),
]);
export type SampleMeaning = z.infer<typeof SampleMeaning>;

/** What a reader understood of a source. Sizes in pixels, depth in slices. */
export const StackInfo = z.object({
  width: count,
  height: count,
  depth: count,
  type: ElementType,
  samples: count,
  /** Projects made before it was kept say nothing; their stack says it again when it opens. */
  meaning: SampleMeaning.default({ kind: 'grey', stored: 'grey', alpha: null }),
  voxelSize: VoxelSize,
  axes: z.string(),
  compression: z.string(),
  byteOrder: z.enum(['little', 'big']),
  fileBytes: z.number().nonnegative(),
  warnings: z.array(StackWarning),
});
export type StackInfo = z.infer<typeof StackInfo>;

export const BadBlock = z.object({
  x: count,
  y: count,
  width: count,
  height: count,
  state: z.enum(['missing', 'truncated', 'corrupt']),
  reason: z.string(),
});
export type BadBlock = z.infer<typeof BadBlock>;

/** Where a slice shows no tissue, in pixels, and what is there instead (empty = tissue everywhere). */
export const NoTissue = z.object({
  areas: z.array(z.object({ x: count, y: count, width: count, height: count })),
  note: z.string(),
});
export type NoTissue = z.infer<typeof NoTissue>;

/** 256 bins over [min, max] of the finite values of the tissue; low/high = the 0.5 and 99.5 percentiles. */
export const SliceStatistics = z.object({
  min: z.number(),
  max: z.number(),
  low: z.number(),
  high: z.number(),
  mean: z.number(),
  bins: z.array(count).length(256),
  noTissue: NoTissue,
});
export type SliceStatistics = z.infer<typeof SliceStatistics>;
