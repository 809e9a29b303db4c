import type { LabelPatch, TilePatch } from '#contract/label-patch';
import { planeExtent, type PlaneAxis, type StackExtent } from '#contract/planes';
import { tileRect, tilesIn, union, type Rect } from '#contract/tiles';
import type { ByteField } from './byte-field';
import type { CancelSignal } from './cancel-signal';
import { LabelEdits, type LabelChange, type OpenStroke } from './label-edits';
import type { LabelSession } from './label-session';
import { Listeners } from './listeners';
import type { PaintRule } from './paint-mode';
import type { PixelArea } from './pixel-area';
import { planePatches, slicePatches } from './plane-patches';
import type { Point } from './rasterize';
import { readLabels } from './read-labels';
import type { Region, ShownClasses } from './region';
import type { SliceLabels } from './slice-labels';
import type { StrokeIntent } from './stroke';
import { LabelTiles, type FetchLabelTile } from './tile-store';

/** Bytes of planes kept: 256 tiles. */
const TILE_BUDGET = 64 * 1024 * 1024;

export interface PlaneLabelsOptions {
  readonly session: LabelSession;
  readonly axis: PlaneAxis;
  readonly stack: StackExtent;
  /** Length and height of a pixel of the plane, in pixels of a slice. */
  readonly stretch: Point;
  /** A tile of a plane as the disk has it; the first argument is the plane. */
  readonly fetchTile: FetchLabelTile;
  readonly tileBudget?: number;
}

/**
 * The labels of a session seen in planes at right angles to its slices. What
 * is edited here becomes one step of the session, on as many slices as it
 * touches; what changes there, saved or not, shows here at once.
 */
export class PlaneLabels implements SliceLabels {
  readonly tiles: LabelTiles;
  readonly #options: PlaneLabelsOptions;
  readonly #edits: LabelEdits;
  readonly #changes = new Listeners<LabelChange>();
  /** 1 where a tile of a plane was asked for. */
  readonly #asked: Uint8Array;
  readonly #stopListening: readonly (() => void)[];

  constructor(options: PlaneLabelsOptions) {
    this.#options = options;
    const { session, axis, stack, stretch, fetchTile, tileBudget } = options;
    const { width, height, depth } = planeExtent(axis, stack);
    this.#asked = new Uint8Array(depth);
    const tiles = new LabelTiles({
      ...{ width, height, fetchTile },
      unsaved: (index, tx, ty) => this.#unsaved(index, tx, ty),
      budget: tileBudget ?? TILE_BUDGET,
    });
    this.tiles = tiles;
    this.#edits = new LabelEdits({
      tiles,
      stretch,
      assertWritable: () => {
        session.assertWritable();
      },
      record: (index, name, patches) => this.#record(index, name, patches),
      changed: (change) => {
        this.#changes.tell(change);
      },
    });
    this.#stopListening = [
      session.onPatch((patch) => {
        this.#take(patch);
      }),
      session.joinPainting(() => this.#edits.painting),
    ];
  }

  get access(): 'read-write' | 'read-only' {
    return this.#options.session.access;
  }

  get painting(): boolean {
    return this.#options.session.painting;
  }

  /** `z` of a change is the plane. */
  onChange(listener: (change: LabelChange) => void): () => void {
    return this.#changes.add(listener);
  }

  load(index: number, rect: Rect, signal?: CancelSignal): Promise<void> {
    this.#asked[index] = 1;
    const { width, height } = this.tiles;
    return this.tiles.load(index, tilesIn(rect, width, height), signal);
  }

  isLoaded(index: number, rect: Rect): boolean {
    return this.tiles.isLoaded(index, rect);
  }

  readField(index: number, rect: Rect): ByteField | null {
    return readLabels(this.tiles, index, rect);
  }

  transact<T>(work: () => T): T {
    return this.#options.session.transact(work);
  }

  beginStroke(intent: StrokeIntent): OpenStroke {
    return this.#edits.beginStroke(intent);
  }

  confirm(index: number, region: Region, shown: ShownClasses): number {
    return this.#edits.confirm(index, region, shown);
  }

  paint(index: number, name: string, area: PixelArea, label: number, rule: PaintRule): number {
    return this.#edits.paint(index, name, area, label, rule);
  }

  write(index: number, name: string, area: PixelArea, labels: Uint8Array, rule: PaintRule): number {
    return this.#edits.write(index, name, area, labels, rule);
  }

  confirmArea(index: number, name: string, area: PixelArea, shown: ShownClasses): number {
    return this.#edits.confirmArea(index, name, area, shown);
  }

  unreview(
    index: number,
    name: string,
    area: PixelArea,
    locked: ReadonlySet<number> = new Set(),
  ): number {
    return this.#edits.unreview(index, name, area, locked);
  }

  dispose(): void {
    for (const stop of this.#stopListening) stop();
    this.#changes.clear();
  }

  /** Makes a step of the session of tiles that have changed here already. */
  #record(
    index: number,
    name: string,
    tiles: readonly TilePatch[],
  ): Pick<LabelPatch, 'tiles'> | null {
    if (tiles.length === 0) return null;
    const { session, axis } = this.#options;
    session.takeSlices(name, slicePatches(axis, index, tiles));
    return { tiles };
  }

  /** A slice has changed: so have the planes that cut it there. */
  #take(patch: LabelPatch): void {
    const { axis } = this.#options;
    const { width, height } = this.tiles;
    for (const [index, tiles] of planePatches(axis, patch, (at) => this.#asked[at] === 1)) {
      for (const tile of tiles) this.tiles.apply(index, tile);
      const rect = tiles.map((tile) => tileRect(tile, width, height)).reduce(union);
      this.#changes.tell({ z: index, rect, cause: 'step' });
    }
  }

  /** What the disk may not know yet of a tile, oldest first. */
  #unsaved(index: number, tx: number, ty: number): TilePatch[] {
    const { session, axis } = this.#options;
    return session.unsavedPatches().flatMap((patch) => {
      const planes = planePatches(axis, patch, (at) => at === index);
      return (planes.get(index) ?? []).filter((tile) => tile.tx === tx && tile.ty === ty);
    });
  }
}
