import type { MaskThresholds, StackInfo } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { firstByte, hasLine } from '#contract/mask/membrane-mask';
import { levelCount, tileCount, tilesIn, type Rect } from '#contract/tiles';
import { keyOf, tilesInSight, type At } from '../chunks/tile-address';
import { TileLoader } from '../chunks/tile-loader';
import type { TileSource } from '../chunks/tile-source';
import { levelFor, type ViewGeometry } from '../camera/view-geometry';

const BUDGET = 128 * 1024 * 1024;
/** A tile that is known to have no line. */
const NOTHING = new Uint8Array(0);

/** A mask that has a line: whose prediction, and the lowest probability byte that is on it. */
export interface Lined {
  readonly model: ModelId;
  readonly from: number;
}

interface LineAt extends At, Lined {}

interface Wanted {
  readonly geometry: ViewGeometry;
  /** The slice in view first. */
  readonly slices: readonly number[];
  readonly lines: readonly Lined[];
}

/** The line that a mask has; null = none. */
export function linedBy(model: ModelId | null, mask: MaskThresholds): Lined | null {
  return model !== null && hasLine(mask) ? { model, from: firstByte(mask.cells) } : null;
}

/**
 * The lines of masks, as tiles near the slice in view. Nothing waits for them
 * but what labels pixels: the mask is drawn without its line until that is here.
 * While the threshold slides the line that is under way is finished before the
 * newest is asked for, and the last one stays until then.
 */
export class MaskLines {
  readonly #info: StackInfo;
  readonly #levels: number;
  readonly #tiles: TileLoader<LineAt, Uint8Array>;
  #wanted: Wanted | null = null;
  /** By model: what is asked for, and what was here before. */
  readonly #asked = new Map<ModelId, number>();
  readonly #before = new Map<ModelId, number>();

  constructor(options: {
    readonly info: StackInfo;
    readonly source: TileSource;
    readonly arrived: (z: number) => void;
    readonly failed: (error: unknown) => void;
  }) {
    const { info, source, arrived, failed } = options;
    this.#info = info;
    this.#levels = levelCount(info.width, info.height);
    this.#tiles = new TileLoader<LineAt, Uint8Array>({
      key: (at) => `${at.model} ${String(at.from)} ${keyOf(at)}`,
      load: async ({ model, from, z, level, tx, ty }, signal) =>
        (await source.line(model, z, from, level, tx, ty, signal)) ?? NOTHING,
      bytes: (pixels) => pixels.byteLength + 64,
      budget: BUDGET,
      arrived: ({ z }) => {
        this.#ask();
        arrived(z);
      },
      failed: (_at, error) => {
        failed(error);
      },
    });
  }

  /** Asks for the lines of slices, the one in view first; none while slices rush by. */
  want(geometry: ViewGeometry, slices: readonly number[], lines: readonly Lined[]): void {
    this.#wanted = { geometry, slices, lines };
    this.#ask();
  }

  /** What is to be drawn over a tile, the last line where the newest is not here yet; null = nothing. */
  shown(at: At, lined: Lined | null): Uint8Array | null {
    if (!lined) return null;
    const { model } = lined;
    for (const from of [lined.from, this.#asked.get(model), this.#before.get(model)]) {
      const tile = from === undefined ? undefined : this.#tiles.get({ ...at, model, from });
      if (tile) return tile === NOTHING ? null : tile;
    }
    return null;
  }

  /** The line of a full-size tile; null = none there, undefined = not here yet. */
  tile(z: number, tx: number, ty: number, lined: Lined): Uint8Array | null | undefined {
    const tile = this.#tiles.get({ z, level: 0, tx, ty, ...lined });
    return tile === NOTHING ? null : tile;
  }

  /** Full-size tiles of a rectangle of a slice, by `ty * across + tx`; those without a line are left out. */
  async fetch(
    z: number,
    rect: Rect,
    lined: Lined,
    signal: AbortSignal,
  ): Promise<Map<number, Uint8Array>> {
    const { width, height } = this.#info;
    const wanted = tilesIn(rect, width, height).map((tile) => ({ ...tile, ...lined, z, level: 0 }));
    const arrived = await this.#tiles.fetch(wanted, signal);
    const found = new Map<number, Uint8Array>();
    wanted.forEach(({ tx, ty }, i) => {
      const tile = arrived[i];
      if (tile && tile !== NOTHING) found.set(ty * tileCount(width) + tx, tile);
    });
    return found;
  }

  /** A prediction was made anew. */
  forget(model: ModelId, slices: ReadonlySet<number>): void {
    this.#tiles.forget((key) => {
      const [of = '', , at = ''] = key.split(' ');
      return of === model && slices.has(Number(at.split('/')[0]));
    });
  }

  dispose(): void {
    this.#wanted = null;
    this.#tiles.dispose();
  }

  #ask(): void {
    if (!this.#wanted) return;
    const { geometry, slices, lines } = this.#wanted;
    const level = levelFor(geometry, this.#levels);
    const [first = 0] = slices;
    const inSight = slices.flatMap((z) => tilesInSight(geometry, z, level));
    const asked = lines.map(({ model, from }): Lined => {
      const last = this.#asked.get(model);
      const under = last === undefined || last === from ? null : { model, from: last };
      if (under && this.#comes(inSight, first, under)) return under;
      if (under) this.#before.set(model, under.from);
      this.#asked.set(model, from);
      return { model, from };
    });
    this.#tiles.want(asked.flatMap((lined) => inSight.map((at) => ({ ...at, ...lined }))));
  }

  /** Some of the line is here, and the rest of it is under way. */
  #comes(inSight: readonly At[], z: number, lined: Lined): boolean {
    return inSight.some((at) => at.z === z && this.#tiles.isLoading({ ...at, ...lined }));
  }
}
