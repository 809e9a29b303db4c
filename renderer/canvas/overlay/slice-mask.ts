import type { MaskThresholds } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import type { Rect } from '#contract/tiles';
import { linedBy, MaskLines, type Lined } from './mask-lines';
import type { Neighbours } from '../chunks/prefetch-policy';
import { raisedTile } from './raised-tile';
import type { SliceTiles, SliceTilesOptions } from '../chunks/slice-tiles';
import { firstFound } from './found-sets';
import type { FoundClass } from '../view-types';
import type { At } from '../chunks/tile-address';
import type { ViewGeometry } from '../camera/view-geometry';

/** Whose prediction is masked, and where its mask begins. */
export interface MaskOf {
  readonly model: ModelId | null;
  readonly mask: MaskThresholds;
  /** Classes beside membrane whose masks are looked at as well. */
  readonly found: readonly FoundClass[];
}

/** The predicted mask of slices: the tiles of their probability with those of the mask's line. */
export class SliceMask {
  readonly #tiles: SliceTiles;
  readonly #lines: MaskLines;
  readonly #depth: number;

  constructor(tiles: SliceTiles, options: SliceTilesOptions) {
    this.#tiles = tiles;
    this.#lines = new MaskLines(options);
    this.#depth = options.info.depth;
  }

  /** Asks for the lines in sight and near; for none while slices rush by. */
  want(
    geometry: ViewGeometry,
    z: number,
    masks: readonly MaskOf[],
    neighbours: Neighbours | null,
    rests: boolean,
  ): void {
    const slices = [z, ...(neighbours?.near ?? [])].filter((of) => of >= 0 && of < this.#depth);
    const lines = rests ? masks.map(linedOf).filter((line) => line !== null) : [];
    this.#lines.want(geometry, slices, lines);
  }

  /** The line to draw over a tile; null = none, or not here yet. */
  line(at: At, of: MaskOf): Uint8Array | null {
    return this.#lines.shown(at, linedOf(of));
  }

  /** A tile of any level as it is drawn: bytes that reach the pixel threshold where the mask has a pixel; null = there is none, or not here yet. */
  drawn(at: At, of: MaskOf): Uint8Array | null {
    const probability = this.#tiles.probability(at, of.model) ?? null;
    return probability && raisedTile(probability, this.line(at, of));
  }

  /** The maps of the classes beside membrane over a tile, in the order of `found`; null = none there, undefined = not all are here yet. */
  classMaps(at: At, { model, found }: MaskOf): readonly (Uint8Array | null)[] | undefined {
    const maps: (Uint8Array | null)[] = [];
    for (const { name } of found) {
      const map = this.#tiles.probability(at, model, name);
      if (map === undefined) return undefined;
      maps.push(map);
    }
    return maps;
  }

  /** Of a full-size tile the first class beside membrane that each pixel is of (`firstFound`); null = there is none, undefined = not here yet. */
  classTile(z: number, tx: number, ty: number, of: MaskOf): Uint8Array | null | undefined {
    const maps = this.classMaps({ z, level: 0, tx, ty }, of);
    return maps && firstFound(of.found, maps);
  }

  /** Full-size tiles of a rectangle of a slice, by `ty * across + tx`, as `classTile`; those without a class are left out. */
  async fetchClasses(
    z: number,
    rect: Rect,
    { model, found }: MaskOf,
    signal: AbortSignal,
  ): Promise<Map<number, Uint8Array>> {
    if (model === null) return new Map();
    const maps = await Promise.all(
      found.map(({ name }) => this.#tiles.probabilities(z, rect, model, signal, name)),
    );
    const tiles = new Map<number, Uint8Array>();
    for (const i of new Set(maps.flatMap((map) => [...map.keys()]))) {
      const ids = firstFound(
        found,
        maps.map((map) => map.get(i) ?? null),
      );
      if (ids) tiles.set(i, ids);
    }
    return tiles;
  }

  /** A full-size tile, as `fetch`; null = there is none, undefined = not here yet. */
  tile(z: number, tx: number, ty: number, of: MaskOf): Uint8Array | null | undefined {
    const probability = this.#tiles.probability({ z, level: 0, tx, ty }, of.model);
    const lined = linedOf(of);
    const line = lined && this.#lines.tile(z, tx, ty, lined);
    if (!probability) return probability;
    return line === undefined ? undefined : raisedTile(probability, line);
  }

  /** Full-size tiles of a rectangle of a slice, by `ty * across + tx`: bytes that reach the pixel threshold exactly where the mask has a pixel. */
  async fetch(
    z: number,
    rect: Rect,
    of: MaskOf,
    signal: AbortSignal,
  ): Promise<Map<number, Uint8Array>> {
    if (of.model === null) return new Map();
    const lined = linedOf(of);
    const [probabilities, lines] = await Promise.all([
      this.#tiles.probabilities(z, rect, of.model, signal),
      lined ? this.#lines.fetch(z, rect, lined, signal) : new Map<number, Uint8Array>(),
    ]);
    return new Map(
      [...probabilities].map(([i, tile]) => [i, raisedTile(tile, lines.get(i) ?? null)]),
    );
  }

  /** A prediction was made anew. */
  forget(model: ModelId, slices: ReadonlySet<number>): void {
    this.#lines.forget(model, slices);
  }

  dispose(): void {
    this.#lines.dispose();
  }
}

function linedOf({ model, mask }: Pick<MaskOf, 'model' | 'mask'>): Lined | null {
  return linedBy(model, mask);
}
