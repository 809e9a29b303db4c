import { z } from 'zod';
import { ModelId } from '../ids';
import { count } from './numbers';
import { MaskThresholds } from './view';

/** A wrong wall: what a list shows and a click goes to. Pixels of the slice. */
export const SegmentationError = z.object({
  kind: z.enum(['merge', 'split', 'lost']),
  z: count,
  x: count,
  y: count,
  box: z.object({ x: count, y: count, width: count, height: count }),
  size: count,
  parts: z.array(count),
  /** What it alone takes from a perfect score of its slice. */
  cost: z.object({ vInfo: z.number(), vRand: z.number() }),
});
export type SegmentationError = z.infer<typeof SegmentationError>;

/** null = undefined: the truth has no cell, or only one. */
const measure = z.number().nullable();

/** Scores of a mask (docs/metrics.md), in [0, 1]. Precision falls with merges, recall with splits. */
export const MaskScores = z.object({
  vInfo: measure,
  vInfoPrecision: measure,
  vInfoRecall: measure,
  vRand: measure,
  vRandPrecision: measure,
  vRandRecall: measure,
  dice: z.number(),
});
export type MaskScores = z.infer<typeof MaskScores>;

/** How many wrong walls there are of each kind. */
export const ErrorCounts = z.object({ merges: count, splits: count, lost: count });
export type ErrorCounts = z.infer<typeof ErrorCounts>;

export const SliceAccuracy = z.object({ z: count, scores: MaskScores, errors: ErrorCounts });
export type SliceAccuracy = z.infer<typeof SliceAccuracy>;

/** The mask of the segmented slices held against a truth: measured only, never learnt from. */
export const AccuracyReport = z.object({
  /** Whose predictions, and how they were made a mask. */
  model: ModelId,
  mask: MaskThresholds,
  /** Cells: means over slices; Dice: pixels of all slices pooled. */
  scores: MaskScores,
  errors: ErrorCounts,
  /** Ascending. */
  slices: z.array(SliceAccuracy),
  /** Segmented slices on which the truth has no membrane: taken for not annotated, and left out. */
  blank: z.array(count),
  /** The most costly wrong walls of all slices, the worst first. */
  worst: z.array(SegmentationError),
});
export type AccuracyReport = z.infer<typeof AccuracyReport>;
