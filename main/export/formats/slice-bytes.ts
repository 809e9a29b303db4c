import { MembranaError } from '#contract/errors';
import type { ImageSlice, ImageSpec } from './image-writer';

/** The bytes of a slice, little-endian. @throws MembranaError stack.shape-mismatch */
export function sliceBytes(
  slice: ImageSlice,
  { width, height, type }: Pick<ImageSpec, 'width' | 'height' | 'type'>,
): Uint8Array<ArrayBuffer> {
  const wanted = type === 'uint8' ? Uint8Array : Uint16Array;
  if (slice instanceof wanted && slice.length === width * height)
    return new Uint8Array(slice.buffer, slice.byteOffset, slice.byteLength);
  throw new MembranaError(
    'stack.shape-mismatch',
    `A slice of ${slice.length} values was given; ${width} × ${height} of ${type} are expected.`,
    { hint: 'This is a fault in the program; please report it.', data: { width, height, type } },
  );
}
