import type { Rect } from '#contract/tiles';
import type { Point } from './rasterize';

/** A window of one slice, a byte a pixel: probability, raw value after contrast, class, or mask (0 = out). */
export interface ByteField {
  readonly rect: Rect;
  /** Row-major, rect.width × rect.height. */
  readonly data: Uint8Array;
}

/** Index into the data of the pixel under a point (image pixels); −1 outside the field. */
export function indexAt({ rect }: ByteField, point: Point): number {
  const x = Math.floor(point.x) - rect.x;
  const y = Math.floor(point.y) - rect.y;
  return x < 0 || y < 0 || x >= rect.width || y >= rect.height ? -1 : y * rect.width + x;
}
