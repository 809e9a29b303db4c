import type { StackInfo } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import {
  intersect,
  levelCount,
  sizeAtLevel,
  TILE_SIZE,
  tileCount,
  tilesIn,
  union,
  type Rect,
} from '#contract/tiles';
import type { LabelTiles } from '#labels/tile-store';
import { inTile, LabelPyramid, reducedRect } from './label-pyramid';
import { OverlayColour, type OverlayLook } from './overlay-colour';
import { RawColour, type RawWindow } from './raw-colour';
import { TileCanvases, TileInk, type TileCanvas } from './tile-canvas';
import { TileLoader } from './tile-loader';
import type { RawPixels, TileSource } from './tile-source';
import {
  coveredBy,
  deviceRect,
  levelFor,
  tileExtent,
  visibleRect,
  type ViewGeometry,
} from './view-geometry';
import { defaultLayers, type EarlierMask } from './view-types';

const RAW_BUDGET = 256 * 1024 * 1024;
const PROBABILITY_BUDGET = 192 * 1024 * 1024;
const WHOLE: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };

interface At {
  readonly z: number;
  readonly level: number;
  readonly tx: number;
  readonly ty: number;
}

interface ProbabilityAt extends At {
  readonly model: ModelId;
}

/** A prediction tile that is known not to exist. */
const NOT_PREDICTED = new Uint8Array(0);

interface OverlayState {
  readonly colour: OverlayColour;
  readonly probability: Uint8Array | null;
  readonly earlier: Uint8Array | null;
  /** Labels changed since, in tile pixels. */
  stale: Rect | null;
}

export interface SlicePictureOptions {
  readonly info: StackInfo;
  readonly source: TileSource;
  readonly labels: LabelTiles;
  /** Something has arrived for a slice. */
  readonly arrived: (z: number) => void;
  /** A tile could not be read. */
  readonly failed: (error: unknown) => void;
}

/**
 * Composes slices out of tiles: raw values through the window, and one
 * overlay of labels, prediction and review above. Holds tiles and their
 * pictures near the slice in view; draws what is there, and says if it is all.
 */
export class SlicePicture {
  readonly #options: SlicePictureOptions;
  readonly #levels: number;
  readonly #pyramid: LabelPyramid;
  readonly #raw: TileLoader<At, RawPixels>;
  readonly #probability: TileLoader<ProbabilityAt, Uint8Array>;
  readonly #rawCanvases = new TileCanvases<{ colour: RawColour; pixels: RawPixels }>();
  readonly #overlayCanvases = new TileCanvases<OverlayState>();
  readonly #ink = new TileInk();
  #rawColour = new RawColour({ min: 0, max: 255, gamma: 1 });
  #look: OverlayLook = {
    layers: defaultLayers,
    classes: [],
    threshold: 0.5,
    comparedThreshold: null,
  };
  #overlayColour: OverlayColour | null = null;
  #model: ModelId | null = null;
  #earlier: EarlierMask | null = null;
  #overlaysHidden = false;

  constructor(options: SlicePictureOptions) {
    this.#options = options;
    const { info, source } = options;
    this.#levels = levelCount(info.width, info.height);
    this.#pyramid = new LabelPyramid(options.labels);
    const arrived = ({ z }: At): void => {
      options.arrived(z);
    };
    const failed = (_at: At, error: unknown): void => {
      options.failed(error);
    };
    this.#raw = new TileLoader<At, RawPixels>({
      key: keyOf,
      load: ({ z, level, tx, ty }, signal) => source.raw(z, level, tx, ty, signal),
      bytes: (pixels) => pixels.byteLength,
      budget: RAW_BUDGET,
      arrived,
      failed,
    });
    this.#probability = new TileLoader<ProbabilityAt, Uint8Array>({
      key: (at) => `${at.model} ${keyOf(at)}`,
      load: async ({ model, z, level, tx, ty }, signal) =>
        (await source.probability(model, z, level, tx, ty, signal)) ?? NOT_PREDICTED,
      bytes: (pixels) => pixels.byteLength + 64,
      budget: PROBABILITY_BUDGET,
      arrived,
      failed,
    });
  }

  setWindow(window: RawWindow): void {
    this.#rawColour = new RawColour(window);
  }

  setLook(look: Omit<OverlayLook, 'comparedThreshold'>): void {
    this.#look = { ...look, comparedThreshold: this.#earlier?.threshold ?? null };
    this.#overlayColour = null;
  }

  setModel(model: ModelId | null): void {
    this.#model = model;
  }

  /** Marks where the mask differs from an earlier one. */
  compareWith(earlier: EarlierMask | null): void {
    this.#earlier = earlier;
    this.setLook(this.#look);
  }

  hideOverlays(hidden: boolean): void {
    this.#overlaysHidden = hidden;
  }

  /** A prediction was made anew. */
  forgetPrediction(model: ModelId, slices: ReadonlySet<number>): void {
    this.#probability.forget((key) => {
      const [of = '', at = ''] = key.split(' ');
      return of === model && slices.has(Number(at.split('/')[0]));
    });
  }

  /** Labels in `rect` (level-0 pixels) of a slice have changed. */
  labelsChanged(z: number, rect: Rect): void {
    this.#pyramid.update(z, rect);
    for (const [key, { state }] of this.#overlayCanvases.entries()) {
      const [slice, level = 0, tx = 0, ty = 0] = key.split('/').map(Number);
      if (slice !== z) continue;
      const part = inTile(reducedRect(rect, level), tx, ty);
      if (part) state.stale = state.stale ? union(state.stale, part) : part;
    }
  }

  /** Asks for the tiles in sight, then for what a turn of the wheel would show. */
  want(geometry: ViewGeometry, z: number): void {
    const { depth } = this.#options.info;
    const near = [z, z + 1, z - 1].filter((slice) => slice >= 0 && slice < depth);
    const far = [z + 2, z - 2].filter((slice) => slice >= 0 && slice < depth);
    const level = levelFor(geometry, this.#levels);
    const top = { level: this.#levels - 1, tx: 0, ty: 0 };
    const raw = near.flatMap((slice) => [
      { ...top, z: slice },
      ...this.#inSight(geometry, slice, level),
    ]);
    this.#raw.want([...raw, ...far.map((slice) => ({ ...top, z: slice }))]);
    const models = [this.#model, this.#earlier?.model ?? null].filter((id) => id !== null);
    this.#probability.want(
      models.flatMap((model) =>
        near.flatMap((slice) =>
          this.#inSight(geometry, slice, level).map((at) => ({ ...at, model })),
        ),
      ),
    );
  }

  /** The raw value of a pixel, if its full-size tile is here. */
  rawAt(z: number, x: number, y: number): number | null {
    const pixels = this.#raw.get({ z, level: 0, tx: tileOf(x), ty: tileOf(y) });
    return pixels?.[indexIn(x, y)] ?? null;
  }

  /** The membrane probability (0…1) of a pixel, if it is predicted and here. */
  probabilityAt(z: number, x: number, y: number): number | null {
    if (this.#model === null) return null;
    const at = { model: this.#model, z, level: 0, tx: tileOf(x), ty: tileOf(y) };
    const value = this.#probability.get(at)?.[indexIn(x, y)];
    return value === undefined ? null : value / 255;
  }

  /** Waits for the full-size tile of raw values and probability under a pixel. */
  async inspect(z: number, x: number, y: number, signal: AbortSignal): Promise<void> {
    const at = { z, level: 0, tx: tileOf(x), ty: tileOf(y) };
    await Promise.all([
      this.#raw.fetch([at], signal),
      this.#model === null ? [] : this.#probability.fetch([{ ...at, model: this.#model }], signal),
    ]);
  }

  /** Full-size probability tiles of a rectangle of a slice, by `ty * across + tx`; tiles without a prediction are left out. */
  async probabilities(
    z: number,
    rect: Rect,
    signal: AbortSignal,
  ): Promise<Map<number, Uint8Array>> {
    const found = new Map<number, Uint8Array>();
    const model = this.#model;
    if (model === null) return found;
    const { width, height } = this.#options.info;
    const tiles = tilesIn(rect, width, height);
    const wanted = tiles.map(({ tx, ty }) => ({ model, z, level: 0, tx, ty }));
    const arrived = await this.#probability.fetch(wanted, signal);
    wanted.forEach(({ tx, ty }, i) => {
      const pixels = arrived[i];
      if (pixels && pixels !== NOT_PREDICTED) found.set(ty * tileCount(width) + tx, pixels);
    });
    return found;
  }

  /** Some tile of the slice can be drawn, if only a coarse one. */
  hasAny(geometry: ViewGeometry, z: number): boolean {
    const top = { z, level: this.#levels - 1, tx: 0, ty: 0 };
    if (this.#raw.get(top) !== undefined || this.#raw.hasFailed(top)) return true;
    const level = levelFor(geometry, this.#levels);
    return this.#inSight(geometry, z, level).some((at) => this.#raw.get(at) !== undefined);
  }

  /** Draws a slice, or the part within `clip` (device pixels), over what is there. True when nothing is missing. */
  draw(context: CanvasRenderingContext2D, geometry: ViewGeometry, z: number, clip: Rect): boolean {
    const level = levelFor(geometry, this.#levels);
    let complete = true;
    context.imageSmoothingEnabled = geometry.zoom * geometry.pixelRatio < 1;
    context.clearRect(clip.x, clip.y, clip.width, clip.height);
    for (const at of this.#inSight(geometry, z, level)) {
      const target = deviceRect(geometry, this.#covered(at));
      if (!intersect(target, clip)) continue;
      if (this.#look.layers.raw.visible) {
        const raw = this.#rawTile(at);
        if (raw) this.#stamp(context, raw, at, target);
        else {
          complete &&= this.#raw.hasFailed(at);
          this.#stampCoarser(context, at, target);
        }
      }
      if (this.#overlaysHidden) continue;
      const overlay = this.#overlayTile(at);
      if (overlay === undefined) complete = false;
      else if (overlay) this.#stamp(context, overlay, at, target);
    }
    return complete;
  }

  /** Makes one picture that a neighbouring slice will need; false when there is nothing left to do. */
  prepare(geometry: ViewGeometry, z: number): boolean {
    if (z < 0 || z >= this.#options.info.depth) return false;
    const level = levelFor(geometry, this.#levels);
    for (const at of this.#inSight(geometry, z, level)) {
      const pixels = this.#raw.get(at);
      const raw = this.#rawCanvases.get(keyOf(at));
      if (pixels && raw?.state.colour !== this.#rawColour) {
        this.#rawTile(at);
        return true;
      }
      const overlay = this.#overlayCanvases.get(keyOf(at));
      if (pixels && overlay?.state.colour !== this.#overlayColour && this.#overlayTile(at))
        return true;
    }
    return false;
  }

  dispose(): void {
    this.#raw.dispose();
    this.#probability.dispose();
    this.#rawCanvases.clear();
    this.#overlayCanvases.clear();
  }

  #inSight(geometry: ViewGeometry, z: number, level: number): At[] {
    const { width, height } = this.#options.info;
    const rect = reducedRect(visibleRect(geometry), level);
    return tilesIn(rect, sizeAtLevel(width, level), sizeAtLevel(height, level)).map(
      ({ tx, ty }) => ({ z, level, tx, ty }),
    );
  }

  #covered({ level, tx, ty }: At): Rect {
    const { width, height } = this.#options.info;
    return coveredBy({ imageWidth: width, imageHeight: height }, level, tx, ty);
  }

  #extent({ level, tx, ty }: At): { readonly width: number; readonly height: number } {
    const { width, height } = this.#options.info;
    return tileExtent({ imageWidth: width, imageHeight: height }, level, tx, ty);
  }

  #stamp(context: CanvasRenderingContext2D, tile: TileCanvas, at: At, target: Rect): void {
    const { width, height } = this.#extent(at);
    const { x, y } = target;
    context.drawImage(tile.canvas, 0, 0, width, height, x, y, target.width, target.height);
  }

  /** Stands in for a tile that has not come yet. */
  #stampCoarser(context: CanvasRenderingContext2D, at: At, target: Rect): void {
    for (let level = at.level + 1; level < this.#levels; level += 1) {
      const scale = 2 ** (level - at.level);
      const tx = Math.floor(at.tx / scale);
      const ty = Math.floor(at.ty / scale);
      const tile = this.#rawTile({ z: at.z, level, tx, ty });
      if (!tile) continue;
      const { width, height } = this.#extent(at);
      const x = (at.tx * TILE_SIZE) / scale - tx * TILE_SIZE;
      const y = (at.ty * TILE_SIZE) / scale - ty * TILE_SIZE;
      const part: [number, number, number, number] = [x, y, width / scale, height / scale];
      context.drawImage(tile.canvas, ...part, target.x, target.y, target.width, target.height);
      return;
    }
  }

  #rawTile(at: At): TileCanvas | null {
    const pixels = this.#raw.get(at);
    if (!pixels) return null;
    const key = keyOf(at);
    const made = this.#rawCanvases.get(key);
    if (made?.state.colour === this.#rawColour && made.state.pixels === pixels) return made.tile;
    const tile = this.#rawCanvases.make(key, { colour: this.#rawColour, pixels });
    this.#rawColour.colour(pixels, this.#ink.pixels);
    this.#ink.put(tile, WHOLE);
    return tile;
  }

  /** Null = nothing lies over the raw image here; undefined = labels or prediction are not here yet. */
  #overlayTile(at: At): TileCanvas | null | undefined {
    const labels = this.#pyramid.read(at.z, at.level, at.tx, at.ty);
    const predicted = this.#prediction(at, this.#model);
    if (labels === undefined || predicted === undefined) return undefined;
    const before = this.#prediction(at, this.#earlier?.model ?? null);
    const probability = predicted === NOT_PREDICTED ? null : predicted;
    const earlier = before === undefined || before === NOT_PREDICTED ? null : before;
    const key = keyOf(at);
    if (!labels && !probability) {
      this.#overlayCanvases.delete(key);
      return null;
    }
    this.#overlayColour ??= new OverlayColour(this.#look);
    const colour = this.#overlayColour;
    const made = this.#overlayCanvases.get(key);
    const same =
      made?.state.colour === colour &&
      made.state.probability === probability &&
      made.state.earlier === earlier;
    if (made && same) {
      if (made.state.stale) {
        colour.colour(labels, probability, earlier, made.state.stale, this.#ink.pixels);
        this.#ink.put(made.tile, made.state.stale);
        made.state.stale = null;
      }
      return made.tile;
    }
    const tile = this.#overlayCanvases.make(key, { colour, probability, earlier, stale: null });
    colour.colour(labels, probability, earlier, WHOLE, this.#ink.pixels);
    this.#ink.put(tile, WHOLE);
    return tile;
  }

  #prediction(at: At, model: ModelId | null): Uint8Array | undefined {
    if (model === null) return NOT_PREDICTED;
    const wanted = { ...at, model };
    return (
      this.#probability.get(wanted) ??
      (this.#probability.hasFailed(wanted) ? NOT_PREDICTED : undefined)
    );
  }
}

function keyOf({ z, level, tx, ty }: At): string {
  return `${String(z)}/${String(level)}/${String(tx)}/${String(ty)}`;
}

function tileOf(pixel: number): number {
  return Math.floor(pixel / TILE_SIZE);
}

function indexIn(x: number, y: number): number {
  return (y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE);
}
