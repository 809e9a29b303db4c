import { z } from 'zod';
import type { ElementType } from './entities';

/** What the page says through its port for slices: a slice by its URL (`slice-url.ts`), or that nobody waits for one any more. */
export const PixelCall = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ask'), id: z.int().nonnegative(), url: z.string().max(4096) }),
  z.strictObject({ kind: z.literal('leave'), id: z.int().nonnegative() }),
]);
export type PixelCall = z.infer<typeof PixelCall>;

/** One layer of a part of a slice: its tiles one after the other, row by row, TILE_SIZE² elements each, little-endian. */
export interface SliceLayer {
  readonly element: ElementType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What main says; a layer that there is none of is null. Why a slice is refused its tiles tell. A call that somebody left has no answer. */
export type PixelReply =
  | {
      readonly kind: 'layers';
      readonly id: number;
      readonly layers: readonly (SliceLayer | null)[];
    }
  | { readonly kind: 'refused'; readonly id: number };
