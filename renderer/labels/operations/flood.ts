import { indexAt, type ByteField } from '../byte-field';
import { emptyArea, type PixelArea } from '../pixel-area';
import type { Point } from '../rasterize';
import { connectedArea } from './connected-fill';

/**
 * The 4-connected pixels around `seed` that have its byte in a field of shown
 * classes (so that a line of membrane that is joined only by corners still
 * holds the fill); empty when the seed lies outside the field.
 */
export function floodArea(classes: ByteField, seed: Point): PixelArea {
  const at = indexAt(classes, seed);
  if (at < 0) return emptyArea;
  const accepts = new Uint8Array(256);
  accepts[classes.data[at] ?? 0] = 1;
  return connectedArea(classes, seed, accepts);
}
