import { TILE_SIZE, type Rect } from '#contract/tiles';
import type { FlatColour } from './flat-colour';
import type { RawPixels } from './pixel-views';
import type { RawColour } from './raw-colour';
import { keyOf, type At } from '../chunks/tile-address';
import { FLAT_CANVASES, TileCanvases, type TileCanvas, type TileInk } from './tile-canvas';

const WHOLE: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };

/** What a picture of raw values and prediction in one is made of. */
export interface FlatTile {
  readonly flat: FlatColour;
  readonly colour: RawColour;
  readonly pixels: RawPixels;
  readonly probability: Uint8Array;
}

/** Tiles that nobody has painted, as one picture each, coloured once. */
export class FlatCanvases {
  readonly #ink: TileInk;
  readonly #canvases: TileCanvases<FlatTile>;

  /** `memory` = the share of the canvases that a view of slices keeps. */
  constructor(ink: TileInk, memory = 1) {
    this.#ink = ink;
    this.#canvases = new TileCanvases(Math.ceil(FLAT_CANVASES * memory));
  }

  /** The picture is here as it is wanted. */
  has(at: At, wanted: FlatTile): boolean {
    const made = this.#canvases.get(keyOf(at))?.state;
    return (
      made?.flat === wanted.flat &&
      made.colour === wanted.colour &&
      made.pixels === wanted.pixels &&
      made.probability === wanted.probability
    );
  }

  tile(at: At, wanted: FlatTile): TileCanvas {
    const key = keyOf(at);
    const made = this.#canvases.get(key);
    if (made && this.has(at, wanted)) return made.tile;
    const tile = this.#canvases.make(key, wanted);
    wanted.flat.colour(wanted.colour, wanted.pixels, wanted.probability, this.#ink.pixels);
    this.#ink.put(tile, WHOLE);
    return tile;
  }

  clear(): void {
    this.#canvases.clear();
  }
}
