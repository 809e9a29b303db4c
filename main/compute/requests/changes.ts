import { z } from 'zod';
import { CellChange, MaskThresholds } from '#contract/entities';
import type { RequestSpec } from '../request';

const bytes = z.instanceof(Uint8Array);
const SliceVersion = z.object({
  /** One byte a pixel, row by row, 255 = certainly membrane. */
  probability: bytes,
  thresholds: MaskThresholds,
});

export const CompareCellsParams = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  from: SliceVersion,
  to: SliceVersion,
  /** Label bytes of the slice; null = nobody has painted there. */
  labels: bytes.nullable(),
});
export type CompareCellsParams = z.infer<typeof CompareCellsParams>;

/** Which cells of a slice are split or merged from one version to another. */
export const compareCells: RequestSpec<
  CompareCellsParams,
  null,
  { readonly changes: readonly CellChange[] }
> = {
  id: 'changes.slice',
  params: CompareCellsParams,
  progress: z.null(),
  result: z.object({ changes: z.array(CellChange) }),
  // A slice at once.
  cancelWithinMs: 20_000,
};
