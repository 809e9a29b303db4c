import { z } from 'zod';
import { DoubtfulPlace } from '#contract/entities';
import type { RequestSpec } from '../request';

const bytes = z.instanceof(Uint8Array);

export const DoubtfulParams = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  /** One byte a pixel, row by row, 255 = certainly membrane. */
  probability: bytes,
  /** Label bytes of the slice; null = nobody has painted there. */
  labels: bytes.nullable(),
  /** On probability: membrane from here on. */
  threshold: z.number().min(0).max(1),
});
export type DoubtfulParams = z.infer<typeof DoubtfulParams>;

/** Where the map of a slice is probably wrong. */
export const findDoubtful: RequestSpec<
  DoubtfulParams,
  null,
  { readonly places: readonly DoubtfulPlace[] }
> = {
  id: 'queue.places',
  params: DoubtfulParams,
  progress: z.null(),
  result: z.object({ places: z.array(DoubtfulPlace) }),
  // A slice at once: half a second for 1024².
  cancelWithinMs: 20_000,
};
