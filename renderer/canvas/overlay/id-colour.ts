import { TILE_SIZE } from '#contract/tiles';
import type { OverlayLayer } from '#contract/entities';
import { channelsOf } from '../draw/colour-mix';
import { isOutline, type TileExtent } from './mask-outline';

/**
 * Colours of cells: far from each other for normal, red-blind and green-blind
 * eyes alike (0.089 in OKLab at least), none as dark or as grey as tissue.
 */
export const cellColours = [
  '#5ab4f0',
  '#006900',
  '#c3ff3c',
  '#4b0fe1',
  '#2db400',
  '#78ffff',
  '#876996',
  '#5ad2a5',
  '#6978ff',
  '#870f96',
  '#5a874b',
  '#5aa596',
  '#b4d23c',
  '#b4f0a5',
  '#873c69',
  '#96d2f0',
  '#2d96d2',
  '#785ac3',
] as const;

/** A line covers less than a region, and may be stronger. */
const LINE_STRENGTH = 1.7;

/** Spreads ids, so that neighbours in number are none in colour (the finaliser of MurmurHash3). */
function spread(id: number): number {
  let hash = id ^ (id >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Which of `cellColours` an id has, in every plane, project and run. */
export function cellColourOf(id: number): number {
  return spread(id) % cellColours.length;
}

/** Colours tiles of ids: each cell filled, or its outline; 0 is transparent. */
export class IdColour {
  readonly #packed: Uint32Array;
  readonly #outlined: boolean;

  constructor({ opacity }: Pick<OverlayLayer, 'opacity'>, outlined: boolean) {
    this.#outlined = outlined;
    const alpha = Math.round(255 * (outlined ? Math.min(1, opacity * LINE_STRENGTH) : opacity));
    this.#packed = Uint32Array.from(cellColours, (colour) => {
      const [red, green, blue] = channelsOf(colour);
      return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
  }

  /** Colours a whole tile into `out` (TILE_SIZE² RGBA pixels, little-endian). `extent` = the tile's part in the slice. */
  colour(ids: Uint32Array, out: Uint32Array, extent: TileExtent): void {
    let last = 0;
    let colour = 0;
    for (let y = 0; y < TILE_SIZE; y += 1)
      for (let x = 0; x < TILE_SIZE; x += 1) {
        const i = y * TILE_SIZE + x;
        const id = ids[i] ?? 0;
        if (id !== last) {
          last = id;
          colour = id === 0 ? 0 : (this.#packed[cellColourOf(id)] ?? 0);
        }
        out[i] = this.#outlined && !isOutline(ids, x, y, extent) ? 0 : colour;
      }
  }
}
