import { TILE_SIZE, union, type Rect } from '#contract/tiles';
import { NO_MODEL, sameThresholds } from '#contract/mask/mask-setting';
import { inTile, reducedRect } from '../chunks/label-pyramid';
import { grownInTile, type TileExtent } from './mask-outline';
import { FlatColour } from '../draw/flat-colour';
import { OverlayColour } from './overlay-colour';
import type { OverlayLook, OverlayTiles } from './overlay-look';
import { keyOf, type At } from '../chunks/tile-address';
import { LAYER_CANVASES, TileCanvases, type TileCanvas, type TileInk } from '../draw/tile-canvas';
import { defaultLayers } from '../view-types';

const WHOLE: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };

interface OverlayState extends Omit<OverlayTiles, 'labels'> {
  readonly colour: OverlayColour;
  /** Labels were here when it was made; a slice without any is drawn before they are. */
  readonly labelled: boolean;
  /** Labels changed since, in tile pixels. */
  stale: Rect | null;
}

function sameMaps(a: readonly (Uint8Array | null)[], b: readonly (Uint8Array | null)[]): boolean {
  return a.length === b.length && a.every((map, i) => map === b[i]);
}

/** The overlay of each tile as a picture, coloured anew only where something changed. */
export class OverlayCanvases {
  readonly #ink: TileInk;
  readonly #canvases: TileCanvases<OverlayState>;
  #look: OverlayLook = {
    layers: defaultLayers,
    classes: [],
    mask: NO_MODEL,
    found: [],
    hidden: new Set(),
    comparedMask: null,
    contour: false,
    differences: false,
  };
  #colour: OverlayColour | null = null;
  #flat: FlatColour | null = null;

  constructor(ink: TileInk, memory = 1) {
    this.#ink = ink;
    this.#canvases = new TileCanvases(Math.ceil(LAYER_CANVASES * memory));
  }

  get look(): OverlayLook {
    return this.#look;
  }

  setLook(look: OverlayLook): void {
    const now = this.#look;
    const same =
      look.layers === now.layers &&
      look.classes === now.classes &&
      sameThresholds(look.mask, now.mask) &&
      sameThresholds(look.comparedMask, now.comparedMask) &&
      look.found === now.found &&
      look.hidden === now.hidden &&
      look.contour === now.contour &&
      look.differences === now.differences;
    if (same) return;
    this.#look = look;
    this.#colour = null;
    this.#flat = null;
  }

  /** Raw values and prediction in one, where nothing else lies over a pixel; null where that can't be said pixel by pixel. */
  get flat(): FlatColour | null {
    this.#colour ??= new OverlayColour(this.#look);
    const { predicted } = this.#colour;
    if (predicted !== null) this.#flat ??= new FlatColour(predicted);
    return this.#flat;
  }

  /** Labels in `rect` (level-0 pixels) of a slice have changed. */
  labelsChanged(z: number, rect: Rect): void {
    for (const [key, { state }] of this.#canvases.entries()) {
      const [slice, level = 0, tx = 0, ty = 0] = key.split('/').map(Number);
      if (slice !== z) continue;
      const part = inTile(reducedRect(rect, level), tx, ty);
      if (part) state.stale = state.stale ? union(state.stale, part) : part;
    }
  }

  /** The tile was coloured with the look that is in force. */
  isCurrent(at: At): boolean {
    return this.#canvases.get(keyOf(at))?.state.colour === this.#colour;
  }

  /** The overlay of a tile; null = nothing lies over the raw image there. `extent` = its part in the slice. */
  tile(at: At, tiles: OverlayTiles, extent: TileExtent): TileCanvas | null {
    const { labels, probability, classes = [], line, earlier, truth } = tiles;
    const key = keyOf(at);
    if (!labels && !probability && !truth) {
      this.#canvases.delete(key);
      return null;
    }
    this.#colour ??= new OverlayColour(this.#look);
    const colour = this.#colour;
    const made = this.#canvases.get(key);
    const same =
      made?.state.colour === colour &&
      made.state.labelled === (labels !== null) &&
      made.state.probability === probability &&
      sameMaps(made.state.classes ?? [], classes) &&
      made.state.line === line &&
      made.state.earlier === earlier &&
      made.state.truth === truth;
    if (made && same) {
      const { stale } = made.state;
      made.state.stale = null;
      if (stale) this.#put(made.tile, colour, tiles, this.#reach(stale), extent);
      return made.tile;
    }
    const labelled = labels !== null;
    const state = { colour, labelled, probability, classes, line, earlier, truth, stale: null };
    const tile = this.#canvases.make(key, state);
    this.#put(tile, colour, tiles, WHOLE, extent);
    return tile;
  }

  clear(): void {
    this.#canvases.clear();
  }

  /** An outline also runs along the neighbours of what changed. */
  #reach(stale: Rect): Rect {
    return this.#look.contour ? grownInTile(stale) : stale;
  }

  #put(
    tile: TileCanvas,
    colour: OverlayColour,
    tiles: OverlayTiles,
    part: Rect,
    extent: TileExtent,
  ): void {
    colour.colour(tiles, part, this.#ink.pixels, extent);
    this.#ink.put(tile, part);
  }
}
