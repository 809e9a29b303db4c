import type { ByteField } from '../byte-field';
import type { PixelArea } from '../pixel-area';
import { piecesArea } from './connected-runs';

/**
 * The specks of class `id` in a field of classes, to be taken away: 8-connected
 * pieces (a thin slanting line is one piece) of at most `maxPixels` pixels.
 * A piece is measured as it lies in the field, so give the whole slice.
 */
export function specksArea(classes: ByteField, id: number, maxPixels: number): PixelArea {
  const accepts = new Uint8Array(256);
  accepts[id] = 1;
  return piecesArea(classes, accepts, 8, ({ pixels }) => pixels <= maxPixels);
}
