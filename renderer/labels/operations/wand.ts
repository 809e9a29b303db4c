import { indexAt, type ByteField } from '../byte-field';
import { emptyArea, type PixelArea } from '../pixel-area';
import type { Point } from '../rasterize';
import { connectedArea } from './connected-fill';

/** The 4-connected pixels around `seed` whose byte differs from the seed's by at most `tolerance` (0…255); empty when the seed lies outside the field. */
export function wandArea(field: ByteField, seed: Point, tolerance: number): PixelArea {
  const at = indexAt(field, seed);
  if (at < 0) return emptyArea;
  const value = field.data[at] ?? 0;
  const accepts = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte += 1)
    if (Math.abs(byte - value) <= tolerance) accepts[byte] = 1;
  return connectedArea(field, seed, accepts);
}
