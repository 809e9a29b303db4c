import type { ElementType } from '#contract/entities';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { bytesOf, bytesPerSample, copyRows, newPixels, type PixelArray } from '#volume/pixel-array';
import type { Region } from './stack-source';

/** A tile as it goes to the window: TILE_SIZE² values, little-endian, 0 outside the slice. */
export interface WireTile {
  readonly element: ElementType;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly hasBadBlocks: boolean;
}

/** A whole tile from one clipped to the slice. 64-bit values and float16 become float32, which is all the view needs. */
export function wireTile(region: Region): WireTile {
  const narrow = viewable(region);
  const size = bytesPerSample(narrow.type);
  const tile = newPixels(narrow.type, TILE_PIXELS);
  const rowBytes = region.width * size;
  copyRows(
    bytesOf(narrow.data),
    rowBytes,
    0,
    bytesOf(tile),
    TILE_SIZE * size,
    0,
    rowBytes,
    region.height,
  );
  return { element: narrow.type, bytes: bytesOf(tile), hasBadBlocks: region.bad.length > 0 };
}

/** Values in a type that the window knows. */
export function viewable({ type, data }: Pick<Region, 'type' | 'data'>): {
  type: ElementType;
  data: PixelArray;
} {
  switch (type) {
    case 'float16':
      return { type: 'float32', data };
    case 'float64':
    case 'uint64':
    case 'int64':
      return { type: 'float32', data: singles(data) };
    default:
      return { type, data };
  }
}

function singles(data: PixelArray): PixelArray {
  const values = new Float32Array(data.length);
  for (let at = 0; at < values.length; at += 1) values[at] = Number(data[at] ?? 0);
  return values;
}

/**
 * Maps values to 8 bits for showing: `min` and below become 0, `max` and above
 * 255; NaN becomes 0.
 */
export function windowToBytes(
  data: PixelArray,
  window: { readonly min: number; readonly max: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(data.length);
  const scale = 255 / Math.max(window.max - window.min, Number.MIN_VALUE);
  for (let at = 0; at < bytes.length; at += 1)
    bytes[at] = (Number(data[at] ?? 0) - window.min) * scale;
  return new Uint8Array(bytes.buffer);
}
