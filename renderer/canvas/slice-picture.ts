import type { StackInfo } from '#contract/entities';
import type { ModelId } from '#contract/ids';
import { intersect, TILE_SIZE, type Rect } from '#contract/tiles';
import type { LabelTiles } from '#labels/tile-store';
import { BesideMask, drawBeside } from './overlay/beside-mask';
import { Hatch } from './draw/hatch';
import { LabelPyramid } from './chunks/label-pyramid';
import { FlatCanvases, type FlatTile } from './draw/flat-canvases';
import { OverlayCanvases } from './overlay/overlay-canvases';
import { IdPictures } from './overlay/id-pictures';
import type { OverlayLook } from './overlay/overlay-look';
import { RawColour, type RawWindow } from './draw/raw-colour';
import { SliceMask, type MaskOf } from './overlay/slice-mask';
import type { Neighbours } from './chunks/prefetch-policy';
import { SliceTiles, type ShownPrediction, type SliceTilesOptions } from './chunks/slice-tiles';
import { keyOf, tilesInSight, type At } from './chunks/tile-address';
import { LAYER_CANVASES, TileCanvases, TileInk, type TileCanvas } from './draw/tile-canvas';
import type { RawPixels } from './chunks/tile-source';
import { squeezed } from './camera/squeeze';
import {
  coveredBy,
  deviceRect,
  deviceScale,
  levelFor,
  tileExtent,
  type ViewGeometry,
} from './camera/view-geometry';
import type { CellAt, EarlierMask, IdLayer } from './view-types';

const WHOLE: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };

export interface SlicePictureOptions extends SliceTilesOptions {
  readonly labels: LabelTiles;
  /** False where a slice is known to carry no labels: it is drawn without waiting for them. */
  readonly labelled: (z: number) => boolean;
}

/**
 * Composes slices out of tiles: raw values through the window, and one
 * overlay of labels, prediction and review above. Holds tiles and their
 * pictures near the slice in view; draws what is there, and says if it is all.
 */
export class SlicePicture {
  readonly #info: StackInfo;
  readonly #tiles: SliceTiles;
  readonly #mask: SliceMask;
  readonly #pyramid: LabelPyramid;
  readonly #labelled: (z: number) => boolean;
  readonly #hatch = new Hatch('unreadable');
  readonly #lightHatch = new Hatch('empty');
  readonly #rawCanvases: TileCanvases<{ colour: RawColour; pixels: RawPixels }>;
  readonly #ink = new TileInk();
  readonly #overlays: OverlayCanvases;
  readonly #flats: FlatCanvases;
  readonly #ids: IdPictures;
  #window: RawWindow = { min: 0, max: 255, gamma: 1, invert: false };
  #rawColour = new RawColour(this.#window);
  #model: ModelId | null = null;
  #earlier: EarlierMask | null = null;
  /** Left of the divider; null = nobody swipes. */
  #beside: BesideMask | null = null;
  /** Share of the view's width. */
  #divider = 0.5;
  #truth: number | null = null;
  #overlaysHidden = false;
  /** Pixels are smaller than those of the screen in one direction, and not in the other. */
  #squeezes = false;

  #unreadable: readonly Rect[] = [];
  #empty: readonly Rect[] = [];

  constructor(options: SlicePictureOptions) {
    this.#info = options.info;
    this.#rawCanvases = new TileCanvases(Math.ceil(LAYER_CANVASES * (options.memory ?? 1)));
    this.#overlays = new OverlayCanvases(this.#ink, options.memory);
    this.#flats = new FlatCanvases(this.#ink, options.memory);
    this.#tiles = new SliceTiles(options);
    this.#ids = new IdPictures({ ...options, levels: this.#tiles.levels, ink: this.#ink });
    this.#mask = new SliceMask(this.#tiles, options);
    this.#pyramid = new LabelPyramid(options.labels);
    this.#labelled = options.labelled;
  }

  /** Raw values shown black and white. */
  get window(): RawWindow {
    return this.#window;
  }

  setWindow(window: RawWindow): void {
    this.#window = window;
    this.#rawColour = new RawColour(window);
  }

  setLook(look: Omit<OverlayLook, 'comparedMask'>): void {
    this.#overlays.setLook({ ...look, comparedMask: this.#earlier?.mask ?? null });
    this.#beside?.setLook(look);
    this.#ids.setLook(look.layers.cells, look.contour);
  }

  /** Layers of ids of the stack, the first on top. */
  setIds(layers: readonly IdLayer[]): void {
    this.#ids.setLayers(layers);
  }

  /** Ids have changed. */
  forgetIds(): void {
    this.#ids.forget();
  }

  setModel(model: ModelId | null): void {
    this.#model = model;
  }

  /** Marks where the mask differs from an earlier one. */
  compareWith(earlier: EarlierMask | null): void {
    this.#earlier = earlier;
    this.setLook(this.#overlays.look);
  }

  /** Draws an earlier version's mask left of the divider; null = no more. */
  besides(earlier: EarlierMask | null): void {
    this.#beside?.dispose();
    this.#beside = earlier && new BesideMask(this.#ink, earlier, this.#overlays.look);
  }

  /** Where the divider stands, as a share of the view's width. */
  setDivider(share: number): void {
    this.#divider = share;
  }

  /** The value of the truth's label stack that means membrane; null = no truth is open. */
  setTruth(value: number | null): void {
    this.#truth = value;
    this.#tiles.forgetTruth();
  }

  /** What looks different when labels in `rect` (level-0 pixels) change: an outline also runs along its neighbours. */
  affected(rect: Rect): Rect {
    if (!this.#overlays.look.contour) return rect;
    return { x: rect.x - 1, y: rect.y - 1, width: rect.width + 2, height: rect.height + 2 };
  }

  /** The whole slice as one small picture of its raw values; null while it is not here. */
  overview(
    z: number,
  ): { readonly canvas: HTMLCanvasElement; width: number; height: number } | null {
    const top = this.#tiles.top(z);
    const tile = this.#rawTile(top);
    return tile && { canvas: tile.canvas, ...this.#extent(top) };
  }

  hideOverlays(hidden: boolean): void {
    this.#overlaysHidden = hidden;
  }

  /** Areas of the slice in view (level-0 pixels) that hold no data: hatched. */
  setUnreadable(areas: readonly Rect[]): void {
    this.#unreadable = areas;
  }

  /** Areas of the slice in view (level-0 pixels) that show no tissue: hatched lightly, their pixels stay to be seen. */
  setEmpty(areas: readonly Rect[]): void {
    this.#empty = areas;
  }

  /** A prediction was made anew. */
  forgetPrediction(model: ModelId, slices: ReadonlySet<number>): void {
    this.#tiles.forgetPrediction(model, slices);
    this.#mask.forget(model, slices);
  }

  /** Labels in `rect` (level-0 pixels) of a slice have changed. */
  labelsChanged(z: number, rect: Rect): void {
    this.#pyramid.update(z, rect);
    this.#overlays.labelsChanged(z, rect);
    this.#beside?.labelsChanged(z, rect);
  }

  /** Asks for the tiles in sight, and for what a turn of the wheel would show; for the lines of masks only where the user `rests`. */
  want(geometry: ViewGeometry, z: number, neighbours: Neighbours | null, rests: boolean): void {
    this.#mask.want(geometry, z, this.#masks, neighbours, rests);
    const truth = this.#overlays.look.layers.truth.visible ? this.#truth : null;
    this.#tiles.want(geometry, z, this.#predictions, truth, neighbours);
    const near = (neighbours?.near ?? []).filter((of) => of >= 0 && of < this.#info.depth);
    this.#ids.want(geometry, [z, ...near]);
  }

  /** Raw values and predictions in sight are here, or can't be read. */
  isHere(geometry: ViewGeometry, z: number): boolean {
    return this.#tiles.isHere(geometry, z, this.#predictions);
  }

  get #masked(): MaskOf {
    const { mask, found } = this.#overlays.look;
    return { model: this.#model, mask, found };
  }

  get #masks(): MaskOf[] {
    // What an earlier mask is compared with is membrane alone.
    const earlier = this.#earlier && { ...this.#earlier, found: [] };
    return [this.#masked, earlier, this.#beside?.masked ?? null].filter((mask) => mask !== null);
  }

  /** Whose predictions are looked at. */
  get #predictions(): ShownPrediction[] {
    return this.#masks.flatMap(({ model, found }) =>
      model === null ? [] : [{ model, classes: found.map(({ name }) => name) }],
    );
  }

  /** The raw value of a pixel, if its full-size tile is here. */
  rawAt(z: number, x: number, y: number): number | null {
    return this.#tiles.rawAt(z, x, y);
  }

  /** The membrane probability (0…1) of a pixel, if it is predicted and here. */
  probabilityAt(z: number, x: number, y: number): number | null {
    return this.#tiles.probabilityAt(z, x, y, this.#model);
  }

  /** The cells of a pixel, one for each layer of ids; null while they are not here. */
  cellsAt(z: number, x: number, y: number): readonly CellAt[] | null {
    return this.#ids.cellsAt(z, x, y);
  }

  /** Waits for the full-size tiles of raw values, probability and ids under a pixel. */
  async inspect(z: number, x: number, y: number, signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#tiles.inspect(z, x, y, this.#model, signal),
      this.#ids.inspect(z, x, y, signal),
    ]);
  }

  /** Full-size raw tiles of a rectangle of a slice, by `ty * across + tx`. */
  rawTiles(z: number, rect: Rect, signal: AbortSignal): Promise<Map<number, RawPixels>> {
    return this.#tiles.rawTiles(z, rect, signal);
  }

  /** A full-size tile of the mask, as `maskTiles`; null = there is none, undefined = not here yet. */
  maskTile(z: number, tx: number, ty: number): Uint8Array | null | undefined {
    return this.#mask.tile(z, tx, ty, this.#masked);
  }

  /** Full-size tiles of the mask in a rectangle of a slice (`SliceMask.fetch`). */
  maskTiles(z: number, rect: Rect, signal: AbortSignal): Promise<Map<number, Uint8Array>> {
    return this.#mask.fetch(z, rect, this.#masked, signal);
  }

  /** Which class beside membrane each pixel of a full-size tile is of by its map, as `classTiles`; null = there is none, undefined = not here yet. */
  classTile(z: number, tx: number, ty: number): Uint8Array | null | undefined {
    return this.#mask.classTile(z, tx, ty, this.#masked);
  }

  /** Full-size tiles of the classes beside membrane in a rectangle of a slice (`SliceMask.fetchClasses`). */
  classTiles(z: number, rect: Rect, signal: AbortSignal): Promise<Map<number, Uint8Array>> {
    return this.#mask.fetchClasses(z, rect, this.#masked, signal);
  }

  /** Full-size probability tiles of a rectangle of a slice, by `ty * across + tx`; tiles without a prediction are left out. */
  async probabilities(
    z: number,
    rect: Rect,
    signal: AbortSignal,
  ): Promise<Map<number, Uint8Array>> {
    if (this.#model === null) return new Map();
    return this.#tiles.probabilities(z, rect, this.#model, signal);
  }

  /**
   * Some tile of the slice can be drawn, if only a coarse one, or can't be read:
   * the slice before must not stay on the screen under another number.
   */
  hasAny(geometry: ViewGeometry, z: number): boolean {
    const top = this.#tiles.top(z);
    if (this.#tiles.raw(top) !== undefined || this.#tiles.rawFailed(top)) return true;
    const level = levelFor(geometry, this.#tiles.levels);
    return tilesInSight(geometry, z, level).some(
      (at) => this.#tiles.raw(at) !== undefined || this.#tiles.rawFailed(at),
    );
  }

  /** Draws a slice, or the part within `clip` (device pixels), over what is there. True when nothing is missing. */
  draw(context: CanvasRenderingContext2D, geometry: ViewGeometry, z: number, clip: Rect): boolean {
    const level = levelFor(geometry, this.#tiles.levels);
    let complete = true;
    const failed: Rect[] = [];
    const { x: long, y: high } = deviceScale(geometry);
    // Pixels that are seen one by one in one direction keep their edges there.
    this.#squeezes = Math.min(long, high) < 1 && Math.max(long, high) >= 1;
    context.imageSmoothingEnabled = Math.max(long, high) < 1;
    context.clearRect(clip.x, clip.y, clip.width, clip.height);
    for (const at of tilesInSight(geometry, z, level)) {
      const target = deviceRect(geometry, this.#covered(at));
      if (!intersect(target, clip)) continue;
      const flat = this.#flatTile(at);
      if (flat) {
        this.#stamp(context, this.#flats.tile(at, flat), at, target);
        continue;
      }
      if (this.#overlays.look.layers.raw.visible) {
        const raw = this.#rawTile(at);
        if (raw) this.#stamp(context, raw, at, target);
        else {
          if (this.#tiles.rawFailed(at)) failed.push(this.#covered(at));
          else complete = false;
          this.#stampCoarser(context, at, target);
        }
      }
      if (this.#overlaysHidden) continue;
      const cells = this.#ids.over(at, this.#extent(at));
      for (const tile of cells ?? []) this.#stamp(context, tile, at, target);
      if (cells === null) complete = false;
      const beside = this.#beside;
      const here =
        beside === null
          ? this.#stampOverlay(context, at, target)
          : drawBeside(context, target, this.#divider * geometry.viewWidth * geometry.pixelRatio, {
              left: () => this.#stampOverlay(context, at, target, beside),
              right: () => this.#stampOverlay(context, at, target),
            });
      if (!here) complete = false;
    }
    if (this.#overlays.look.layers.raw.visible) {
      if (!this.#overlaysHidden) this.#lightHatch.draw(context, geometry, this.#empty, clip);
      this.#hatch.draw(context, geometry, [...this.#unreadable, ...failed], clip);
    }
    return complete;
  }

  /** Makes one picture that a neighbouring slice will need; false when there is nothing left to do. */
  prepare(geometry: ViewGeometry, z: number): boolean {
    if (z < 0 || z >= this.#info.depth) return false;
    const level = levelFor(geometry, this.#tiles.levels);
    for (const at of tilesInSight(geometry, z, level)) {
      const flat = this.#flatTile(at);
      if (flat) {
        if (this.#flats.has(at, flat)) continue;
        this.#flats.tile(at, flat);
        return true;
      }
      const pixels = this.#tiles.raw(at);
      const raw = this.#rawCanvases.get(keyOf(at));
      if (pixels && raw?.state.colour !== this.#rawColour) {
        this.#rawTile(at);
        return true;
      }
      if (pixels && !this.#overlays.isCurrent(at) && this.#overlayTile(at)) return true;
    }
    return false;
  }

  dispose(): void {
    this.#tiles.dispose();
    this.#mask.dispose();
    this.#ids.dispose();
    this.#rawCanvases.clear();
    this.#flats.clear();
    this.#overlays.clear();
    this.#beside?.dispose();
  }

  #covered({ level, tx, ty }: At): Rect {
    const { width, height } = this.#info;
    return coveredBy({ imageWidth: width, imageHeight: height }, level, tx, ty);
  }

  #extent({ level, tx, ty }: At): { readonly width: number; readonly height: number } {
    const { width, height } = this.#info;
    return tileExtent({ imageWidth: width, imageHeight: height }, level, tx, ty);
  }

  #stamp(context: CanvasRenderingContext2D, tile: TileCanvas, at: At, target: Rect): void {
    const { width, height } = this.#extent(at);
    const { x, y } = target;
    const drawn = this.#squeezes
      ? squeezed(tile.canvas, { width, height }, target)
      : { canvas: tile.canvas, width, height };
    const { canvas } = drawn;
    context.drawImage(
      canvas,
      ...([0, 0, drawn.width, drawn.height, x, y, target.width, target.height] as const),
    );
  }

  /** False while labels or prediction are not here yet. */
  #stampOverlay(
    context: CanvasRenderingContext2D,
    at: At,
    target: Rect,
    beside: BesideMask | null = null,
  ): boolean {
    const overlay = this.#overlayTile(at, beside);
    if (overlay) this.#stamp(context, overlay, at, target);
    return overlay !== undefined;
  }

  /** Stands in for a tile that has not come yet. */
  #stampCoarser(context: CanvasRenderingContext2D, at: At, target: Rect): void {
    for (let level = at.level + 1; level < this.#tiles.levels; level += 1) {
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
    const pixels = this.#tiles.raw(at);
    if (!pixels) return null;
    const key = keyOf(at);
    const made = this.#rawCanvases.get(key);
    if (made?.state.colour === this.#rawColour && made.state.pixels === pixels) return made.tile;
    const tile = this.#rawCanvases.make(key, { colour: this.#rawColour, pixels });
    this.#rawColour.colour(pixels, this.#ink.pixels);
    this.#ink.put(tile, WHOLE);
    return tile;
  }

  /** What a tile is made of that is raw values and prediction alone; null where more lies over it, or something is not here yet. */
  #flatTile(at: At): FlatTile | null {
    const { layers } = this.#overlays.look;
    const covered = this.#beside !== null || this.#earlier !== null || this.#ids.shown;
    if (this.#overlaysHidden || covered) return null;
    if (!layers.raw.visible || (layers.truth.visible && this.#truth !== null)) return null;
    const labels = this.#pyramid.read(at.z, at.level, at.tx, at.ty);
    if (labels !== null && (labels !== undefined || this.#labelled(at.z))) return null;
    const probability = this.#tiles.probability(at, this.#model);
    const pixels = this.#tiles.raw(at);
    if (!probability || !pixels || this.#mask.line(at, this.#masked)) return null;
    const { flat } = this.#overlays;
    return flat && { flat, colour: this.#rawColour, pixels, probability };
  }

  /** Null = nothing lies over the raw image here; undefined = labels or prediction are not here yet. */
  #overlayTile(at: At, beside: BesideMask | null = null): TileCanvas | null | undefined {
    const here = this.#pyramid.read(at.z, at.level, at.tx, at.ty);
    const labels = here === undefined && !this.#labelled(at.z) ? null : here;
    const masked = beside?.masked ?? this.#masked;
    const probability = this.#tiles.probability(at, masked.model);
    const classes = this.#mask.classMaps(at, masked);
    if (labels === undefined || probability === undefined || classes === undefined)
      return undefined;
    const line = this.#mask.line(at, masked);
    const compared = beside === null ? this.#earlier : null;
    const earlier = compared && this.#mask.drawn(at, compared);
    const shown = this.#overlays.look.layers.truth.visible;
    const truth = shown ? this.#tiles.truth(at, this.#truth) : null;
    const tiles = { labels, probability, classes, line, earlier, truth };
    return (beside ?? this.#overlays).tile(at, tiles, this.#extent(at));
  }
}
