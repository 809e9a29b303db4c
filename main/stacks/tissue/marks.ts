import type { PixelArray } from '#volume/pixel-array';

/** What is known of a pixel. */
export const NOTHING = 0;
export const TISSUE = 1;
/** Tissue whose value can't be right (a hot pixel, a pixel mixed with the padding): its neighbours know better. */
export const OUTLIER = 2;

/** A slice, one value a pixel, with a mark for each. */
export interface MarkedSlice {
  readonly width: number;
  readonly height: number;
  readonly values: Exclude<PixelArray, BigUint64Array | BigInt64Array>;
  readonly marks: Uint8Array<ArrayBuffer>;
}

/** Why there is no tissue somewhere; `value` is what the pixels hold there. */
export type EmptyKind =
  | { readonly kind: 'unreadable' | 'transparent' | 'not-a-number' | 'blank' | 'noise' | 'islands' }
  | { readonly kind: 'border' | 'box' | 'no-data'; readonly value: number };

export type Emptied = EmptyKind & { readonly pixels: number };

/** The up to four places beside place `at`. */
export function neighbours(at: number, width: number, length: number): readonly number[] {
  const x = at % width;
  const found: number[] = [];
  if (x > 0) found.push(at - 1);
  if (x < width - 1) found.push(at + 1);
  if (at >= width) found.push(at - width);
  if (at < length - width) found.push(at + width);
  return found;
}
