import { z } from 'zod';
import { count } from './numbers';

/** split: one cell of the old version is parted in the new one; merge: cells of the old version are one. */
export const ChangeKind = z.enum(['split', 'merge']);
export type ChangeKind = z.infer<typeof ChangeKind>;

/** A wall that came or went between two parts of a cell, in pixels of the slice. */
export const CellChange = z.object({
  kind: ChangeKind,
  /** The cell that is parted, or that holds what was parted, within slice and kind. */
  cell: count,
  /** On the middle line of the wall, near its middle. */
  x: count,
  y: count,
  /** The smallest box around the wall. */
  box: z.object({ x: count, y: count, width: count, height: count }),
  /** Of the wall's middle line. */
  length: count,
  /** Pixels of the parts on either side, the larger first. */
  parts: z.tuple([count, count]).readonly(),
  /** What to paint so that it is as it was, interior for a split and membrane for a merge: y, start, end, … of half-open rows, in reading order. */
  spans: z.array(count).readonly(),
});
export type CellChange = z.infer<typeof CellChange>;

/** A change and its slice. */
export const ChangeEntry = CellChange.extend({ z: count });
export type ChangeEntry = z.infer<typeof ChangeEntry>;

/** What a version changes against another one, in cells, over the slices that both have segmented. */
export const CellChanges = z.object({
  /** Those with the largest smaller part first. */
  entries: z.array(ChangeEntry),
  /** Changes beyond those listed. */
  more: count,
  /** Cells of the old version that are parted in the new one. */
  split: count,
  /** Cells of the new version that hold several of the old one. */
  merged: count,
  /** Slices that were compared. */
  slices: z.array(count),
});
export type CellChanges = z.infer<typeof CellChanges>;
