import type { OverlayLayer } from '#contract/entities';
import { levelFor, type ViewGeometry } from '../camera/view-geometry';
import { indexInTile, keyOf, tilesInSight, tileUnder, type At } from '../chunks/tile-address';
import { TileLoader } from '../chunks/tile-loader';
import type { TileSource } from '../chunks/tile-source';
import { LAYER_CANVASES, TileCanvases, type TileCanvas, type TileInk } from '../draw/tile-canvas';
import { defaultLayers, type CellAt, type IdLayer } from '../view-types';
import { IdColour } from './id-colour';
import type { TileExtent } from './mask-outline';

/** Bytes of ids kept: 96 tiles. */
const BUDGET = 96 * 1024 * 1024;
/** A tile that is known to have no cell. */
const NOTHING = new Uint32Array(0);

interface IdAt extends At {
  readonly layer: IdLayer;
}

function nameOf({ layer, ...at }: IdAt): string {
  return `${layer.project}/${layer.stack}/${layer.layer} ${keyOf(at)}`;
}

export interface IdPicturesOptions {
  readonly source: Pick<TileSource, 'ids'>;
  readonly levels: number;
  readonly ink: TileInk;
  readonly arrived: (z: number) => void;
  readonly failed: (error: unknown) => void;
  /** As of `SliceTilesOptions`. */
  readonly memory?: number;
}

/** Layers of ids as pictures of tiles, one above the other. */
export class IdPictures {
  readonly #levels: number;
  readonly #ink: TileInk;
  readonly #tiles: TileLoader<IdAt, Uint32Array>;
  readonly #canvases: TileCanvases<{ readonly colour: IdColour; readonly ids: Uint32Array }>;
  #layers: readonly IdLayer[] = [];
  #look: OverlayLayer = defaultLayers.cells;
  #outlined = false;
  #colour = new IdColour(this.#look, false);

  constructor({ source, levels, ink, arrived, failed, memory = 1 }: IdPicturesOptions) {
    this.#levels = levels;
    this.#ink = ink;
    this.#canvases = new TileCanvases(Math.ceil(LAYER_CANVASES * memory));
    this.#tiles = new TileLoader<IdAt, Uint32Array>({
      key: nameOf,
      load: async ({ layer, z, level, tx, ty }, signal) =>
        (await source.ids(layer, z, level, tx, ty, signal)) ?? NOTHING,
      bytes: (ids) => ids.byteLength + 64,
      budget: BUDGET * memory,
      arrived: ({ z }) => {
        arrived(z);
      },
      failed: (_at, error) => {
        failed(error);
      },
    });
  }

  /** Something is to be drawn. */
  get shown(): boolean {
    return this.#layers.length > 0 && this.#look.visible;
  }

  /** Layers of the stack in view, the first on top. */
  setLayers(layers: readonly IdLayer[]): void {
    this.#layers = layers;
  }

  setLook(look: OverlayLayer, outlined: boolean): void {
    if (look === this.#look && outlined === this.#outlined) return;
    this.#look = look;
    this.#outlined = outlined;
    this.#colour = new IdColour(look, outlined);
  }

  /** Asks for the tiles of slices, the one in view first. */
  want(geometry: ViewGeometry, slices: readonly number[]): void {
    const layers = this.shown ? this.#layers : [];
    const level = levelFor(geometry, this.#levels);
    const inSight = slices.flatMap((z) => tilesInSight(geometry, z, level));
    this.#tiles.want(inSight.flatMap((at) => layers.map((layer) => ({ ...at, layer }))));
  }

  /** What lies over a tile, from below; null = not all of it is here yet. */
  over(at: At, extent: TileExtent): readonly TileCanvas[] | null {
    if (!this.shown) return [];
    const tiles: TileCanvas[] = [];
    let complete = true;
    for (const layer of this.#layers.toReversed()) {
      const wanted = { ...at, layer };
      const ids = this.#tiles.get(wanted);
      if (ids === undefined) complete &&= this.#tiles.hasFailed(wanted);
      else if (ids !== NOTHING) tiles.push(this.#picture(wanted, ids, extent));
    }
    return complete ? tiles : null;
  }

  /** The cells of a pixel; null = not all of them are known yet. */
  cellsAt(z: number, x: number, y: number): readonly CellAt[] | null {
    const cells: CellAt[] = [];
    for (const layer of this.#layers) {
      const ids = this.#tiles.get({ ...tileUnder(z, x, y), layer });
      if (ids === undefined) return null;
      cells.push({ layer: layer.name, id: ids[indexInTile(x, y)] ?? 0 });
    }
    return cells;
  }

  /** Waits for the full-size tiles under a pixel. */
  async inspect(z: number, x: number, y: number, signal: AbortSignal): Promise<void> {
    const at = tileUnder(z, x, y);
    await this.#tiles.fetch(
      this.#layers.map((layer) => ({ ...at, layer })),
      signal,
    );
  }

  /** Ids have changed. */
  forget(): void {
    this.#tiles.forget(() => true);
  }

  dispose(): void {
    this.#tiles.dispose();
    this.#canvases.clear();
  }

  #picture(at: IdAt, ids: Uint32Array, extent: TileExtent): TileCanvas {
    const key = nameOf(at);
    const made = this.#canvases.get(key);
    if (made?.state.colour === this.#colour && made.state.ids === ids) return made.tile;
    const tile = this.#canvases.make(key, { colour: this.#colour, ids });
    this.#colour.colour(ids, this.#ink.pixels, extent);
    this.#ink.putAll(tile);
    return tile;
  }
}
