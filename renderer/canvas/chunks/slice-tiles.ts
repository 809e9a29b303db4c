import type { StackInfo } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { levelCount, tileCount, tilesIn, type Rect } from '#contract/tiles';
import type { Neighbours } from './prefetch-policy';
import { bytesHeld } from './slice-requests';
import { indexInTile, keyOf, tilesInSight, tileUnder, type At } from './tile-address';
import { TileLoader } from './tile-loader';
import type { RawPixels, TileSource } from './tile-source';
import { levelFor, type ViewGeometry } from '../camera/view-geometry';

const RAW_BUDGET = 256 * 1024 * 1024;
const PROBABILITY_BUDGET = 192 * 1024 * 1024;
/** Tiles come as parts of slices: as many of a layer at once as a large screen shows of two slices. */
const TILES_AT_ONCE = 96;
const TRUTH_BUDGET = 64 * 1024 * 1024;

interface ProbabilityAt extends At {
  readonly model: ModelId;
  /** The name of a class beside membrane; null = membrane. */
  readonly of: string | null;
}

interface TruthAt extends At {
  readonly value: number;
}

/** Whose maps are looked at: of membrane, and of classes beside it by name. */
export interface ShownPrediction {
  readonly model: ModelId;
  readonly classes: readonly string[];
}

function mapsOf({ model, classes }: ShownPrediction): Pick<ProbabilityAt, 'model' | 'of'>[] {
  return [null, ...classes].map((of) => ({ model, of }));
}

/** A tile that is known not to exist. */
const NOTHING = new Uint8Array(0);

export interface SliceTilesOptions {
  readonly info: StackInfo;
  readonly source: TileSource;
  /** Something has arrived for a slice. */
  readonly arrived: (z: number) => void;
  /** A tile could not be read. */
  readonly failed: (error: unknown) => void;
  /** Share of the memory that a view of slices takes; all of it where nothing is said. */
  readonly memory?: number;
}

/** Raw values and predictions of a stack, as tiles near the slice in view. */
export class SliceTiles {
  /** Pyramid levels of a slice; the last one is a single tile. */
  readonly levels: number;
  readonly #info: StackInfo;
  readonly #raw: TileLoader<At, RawPixels>;
  readonly #probability: TileLoader<ProbabilityAt, Uint8Array>;
  readonly #truth: TileLoader<TruthAt, Uint8Array>;

  constructor({ info, source, arrived, failed, memory = 1 }: SliceTilesOptions) {
    this.#info = info;
    this.levels = levelCount(info.width, info.height);
    const tell = {
      arrived: ({ z }: At): void => {
        arrived(z);
      },
      failed: (_at: At, error: unknown): void => {
        failed(error);
      },
    };
    this.#raw = new TileLoader<At, RawPixels>({
      key: keyOf,
      load: ({ z, level, tx, ty }, signal) => source.raw(z, level, tx, ty, signal),
      bytes: bytesHeld,
      budget: RAW_BUDGET * memory,
      concurrent: TILES_AT_ONCE,
      ...tell,
    });
    this.#probability = new TileLoader<ProbabilityAt, Uint8Array>({
      key: (at) => `${at.model} ${keyOf(at)} ${at.of ?? ''}`,
      load: async ({ model, of, z, level, tx, ty }, signal) =>
        (of === null
          ? await source.probability(model, z, level, tx, ty, signal)
          : await source.classMap(model, of, z, level, tx, ty, signal)) ?? NOTHING,
      bytes: (pixels) => bytesHeld(pixels) + 64,
      budget: PROBABILITY_BUDGET * memory,
      concurrent: TILES_AT_ONCE,
      ...tell,
    });
    this.#truth = new TileLoader<TruthAt, Uint8Array>({
      key: (at) => `${String(at.value)} ${keyOf(at)}`,
      load: async ({ value, z, level, tx, ty }, signal) =>
        (await source.truth(value, z, level, tx, ty, signal)) ?? NOTHING,
      bytes: (pixels) => pixels.byteLength + 64,
      budget: TRUTH_BUDGET * memory,
      ...tell,
    });
  }

  /**
   * Asks for the tiles in sight and, where there are `neighbours`, for what a
   * turn of the wheel would show and for the whole slice as one tile.
   */
  want(
    geometry: ViewGeometry,
    z: number,
    predictions: readonly ShownPrediction[],
    truth: number | null,
    neighbours: Neighbours | null,
  ): void {
    const inStack = (slice: number): boolean => slice >= 0 && slice < this.#info.depth;
    const near = (neighbours?.near ?? []).filter(inStack);
    const far = (neighbours?.far ?? []).filter(inStack);
    const level = levelFor(geometry, this.levels);
    const inSight = [z, ...near].flatMap((slice) => tilesInSight(geometry, slice, level));
    // In a rush only what will be seen whole is worth its way.
    const rests = neighbours !== null && neighbours.far.length > 0;
    const tops = rests ? [z, ...near, ...far].map((slice) => this.top(slice)) : [];
    this.#raw.want([...inSight, ...tops]);
    this.#probability.want(
      predictions
        .flatMap(mapsOf)
        .flatMap(({ model, of }) => inSight.map((at) => ({ ...at, model, of }))),
    );
    this.#truth.want(truth === null ? [] : inSight.map((at) => ({ ...at, value: truth })));
  }

  /** Raw values and predictions in sight are here, or can't be read. */
  isHere(geometry: ViewGeometry, z: number, predictions: readonly ShownPrediction[]): boolean {
    const maps = predictions.flatMap(mapsOf);
    return tilesInSight(geometry, z, levelFor(geometry, this.levels)).every(
      (at) =>
        (this.raw(at) !== undefined || this.rawFailed(at)) &&
        maps.every(({ model, of }) => this.probability(at, model, of) !== undefined),
    );
  }

  /** The tile that shows a whole slice. */
  top(z: number): At {
    return { z, level: this.levels - 1, tx: 0, ty: 0 };
  }

  raw(at: At): RawPixels | undefined {
    return this.#raw.get(at);
  }

  /** The raw tile could not be read. */
  rawFailed(at: At): boolean {
    return this.#raw.hasFailed(at);
  }

  /** The map of membrane, or of the class `of`; null = there is none, undefined = not here yet. */
  probability(
    at: At,
    model: ModelId | null,
    of: string | null = null,
  ): Uint8Array | null | undefined {
    if (model === null) return null;
    const wanted = { ...at, model, of };
    const pixels = this.#probability.get(wanted);
    if (pixels === undefined) return this.#probability.hasFailed(wanted) ? null : undefined;
    return pixels === NOTHING ? null : pixels;
  }

  /** A truth tile; null = there is none, or it is not here yet: nothing waits for it. */
  truth(at: At, value: number | null): Uint8Array | null {
    if (value === null) return null;
    const pixels = this.#truth.get({ ...at, value });
    return pixels === undefined || pixels === NOTHING ? null : pixels;
  }

  /** Another label stack is the truth now, or none. */
  forgetTruth(): void {
    this.#truth.forget(() => true);
  }

  /** A prediction was made anew. */
  forgetPrediction(model: ModelId, slices: ReadonlySet<number>): void {
    this.#probability.forget((key) => {
      const [of = '', at = ''] = key.split(' ');
      return of === model && slices.has(Number(at.split('/')[0]));
    });
  }

  /** The raw value of a pixel, if its full-size tile is here. */
  rawAt(z: number, x: number, y: number): number | null {
    return this.#raw.get(tileUnder(z, x, y))?.[indexInTile(x, y)] ?? null;
  }

  /** The membrane probability (0…1) of a pixel, if it is predicted and here. */
  probabilityAt(z: number, x: number, y: number, model: ModelId | null): number | null {
    const value = this.probability(tileUnder(z, x, y), model)?.[indexInTile(x, y)];
    return value === undefined ? null : value / 255;
  }

  /** Waits for the full-size tile of raw values and probability under a pixel. */
  async inspect(
    z: number,
    x: number,
    y: number,
    model: ModelId | null,
    signal: AbortSignal,
  ): Promise<void> {
    const at = tileUnder(z, x, y);
    await Promise.all([
      this.#raw.fetch([at], signal),
      model === null ? [] : this.#probability.fetch([{ ...at, model, of: null }], signal),
    ]);
  }

  /** Full-size raw tiles of a rectangle of a slice, by `ty * across + tx`. */
  async rawTiles(z: number, rect: Rect, signal: AbortSignal): Promise<Map<number, RawPixels>> {
    const { width, height } = this.#info;
    const wanted = tilesIn(rect, width, height).map((tile) => ({ ...tile, z, level: 0 }));
    const arrived = await this.#raw.fetch(wanted, signal);
    const found = new Map<number, RawPixels>();
    wanted.forEach(({ tx, ty }, i) => {
      const pixels = arrived[i];
      if (pixels) found.set(ty * tileCount(width) + tx, pixels);
    });
    return found;
  }

  /** Full-size probability tiles of a rectangle of a slice, of membrane or of the class `of`, by `ty * across + tx`; tiles without a prediction are left out. */
  async probabilities(
    z: number,
    rect: Rect,
    model: ModelId,
    signal: AbortSignal,
    of: string | null = null,
  ): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const { width, height } = this.#info;
    const wanted = tilesIn(rect, width, height).map((tile) => ({
      ...tile,
      model,
      of,
      z,
      level: 0,
    }));
    const arrived = await this.#probability.fetch(wanted, signal);
    wanted.forEach(({ tx, ty }, i) => {
      const pixels = arrived[i];
      if (pixels && pixels !== NOTHING) found.set(ty * tileCount(width) + tx, pixels);
    });
    return found;
  }

  dispose(): void {
    this.#raw.dispose();
    this.#probability.dispose();
    this.#truth.dispose();
  }
}
