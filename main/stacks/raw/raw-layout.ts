import type { ElementType } from '#contract/entities';
import { bytesPerSample } from '#volume/pixel-array';

/** How a stack lies in one run of plain bytes: rows from the top one on, slice after slice, samples side by side. */
export interface RawLayout {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** As the values are stored: float16 takes 2 bytes there and 4 in memory. */
  readonly type: ElementType;
  readonly samples: number;
  readonly bigEndian: boolean;
  /** Where the first pixel lies. */
  readonly start: number;
}

/** Bytes of a stored pixel, of all its samples. */
export function rawPixelBytes({ type, samples }: RawLayout): number {
  return samples * (type === 'float16' ? 2 : bytesPerSample(type));
}

export function rawRowBytes(layout: RawLayout): number {
  return layout.width * rawPixelBytes(layout);
}

export function rawSliceBytes(layout: RawLayout): number {
  return layout.height * rawRowBytes(layout);
}

/** Where the last pixel ends. */
export function rawEnd(layout: RawLayout): number {
  return layout.start + layout.depth * rawSliceBytes(layout);
}
