import type { ByteField } from '../byte-field';
import type { PixelArea } from '../pixel-area';
import { piecesArea } from './connected-runs';

/**
 * The holes in class `id` of a field of classes: 4-connected pieces of
 * anything else that don't reach the field's edge (what does may be open
 * outside). Holes of more than `maxPixels` stay.
 */
export function holesArea(classes: ByteField, id: number, maxPixels = Infinity): PixelArea {
  const others = new Uint8Array(256).fill(1);
  others[id] = 0;
  return piecesArea(classes, others, 4, ({ pixels, cut }) => !cut && pixels <= maxPixels);
}
