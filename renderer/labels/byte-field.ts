import { classOf } from '#contract/label-byte';
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

/** The classes of label bytes, painted and confirmed alike. */
export function classesOf({ rect, data }: ByteField): ByteField {
  return { rect, data: data.map(classOf) };
}

/** 1 where a field of classes has class `id`, else 0. */
export function maskOfClass({ rect, data }: ByteField, id: number): ByteField {
  const mask = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 1) mask[i] = data[i] === id ? 1 : 0;
  return { rect, data: mask };
}
