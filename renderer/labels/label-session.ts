import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import { patchPixelCount, type LabelPatch, type TilePatch } from '#contract/label-patch';
import { decodePatch } from '#contract/label-patch-codec';
import { tileRect, tilesIn, union, type Rect } from '#contract/tiles';
import type { CancelSignal } from './cancel-signal';
import { LabelHistory, UNDO_BUDGET } from './history';
import { Listeners } from './listeners';
import { Outbox, type Clock, type SavedState, type SendPatch } from './outbox';
import type { Point } from './rasterize';
import { confirmRegion, eraseRegion, regionBounds, type Region, type ShownClasses } from './region';
import { Stroke, type StrokeIntent } from './stroke';
import { LabelTiles, type FetchLabelTile } from './tile-store';
import { LabelTransaction } from './transaction';

const TILE_BUDGET = 256 * 1024 * 1024;

export interface LabelSessionOptions {
  readonly stack: StackId;
  readonly layer: string;
  /** Slice size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Sequence of the last journalled patch; this session goes on from the next. */
  readonly lastSequence: number;
  readonly access: 'read-write' | 'read-only';
  readonly fetchTile: FetchLabelTile;
  readonly send: SendPatch;
  readonly clock: Clock;
  readonly tileBudget?: number;
  readonly undoBudget?: number;
}

/** Pixels of a slice that may look different now. */
export interface LabelChange {
  readonly z: number;
  readonly rect: Rect;
  /** `stroke` while a stroke is under way, `step` for everything else. */
  readonly cause: 'stroke' | 'step';
}

/** A step that was taken back or done again. */
export interface HistoryStep {
  readonly z: number;
  readonly name: string;
  readonly rect: Rect;
}

/** A stroke under way; ends by one of `commit` and `abort`. */
export interface OpenStroke {
  readonly end: Point | undefined;
  extend(points: readonly Point[]): void;
  /** False when it changed nothing. */
  commit(): boolean;
  abort(): void;
}

/**
 * The labels of one stack as the window holds them: everything painted,
 * confirmed, erased, undone passes here, reaches the tiles, the undo history
 * and the outbox in one step, and tells the listeners what to redraw.
 */
export class LabelSession {
  readonly tiles: LabelTiles;
  readonly access: 'read-write' | 'read-only';
  readonly #options: LabelSessionOptions;
  readonly #history: LabelHistory;
  readonly #outbox: Outbox;
  readonly #changes = new Listeners<LabelChange>();
  readonly #historyChanges = new Listeners<null>();
  #sequence: number;
  #stroke: Stroke | null = null;

  constructor(options: LabelSessionOptions) {
    this.#options = options;
    this.access = options.access;
    this.#sequence = options.lastSequence;
    this.#history = new LabelHistory(options.undoBudget ?? UNDO_BUDGET);
    this.#outbox = new Outbox({
      send: options.send,
      clock: options.clock,
      sequence: options.lastSequence,
      acknowledged: (patch) => {
        for (const { tx, ty } of patch.tiles) this.tiles.unpin(patch.z, tx, ty);
        this.tiles.trim();
      },
    });
    this.tiles = new LabelTiles({
      width: options.width,
      height: options.height,
      fetchTile: options.fetchTile,
      unsaved: (z, tx, ty) => this.#unsaved(z, tx, ty),
      budget: options.tileBudget ?? TILE_BUDGET,
    });
  }

  get saved(): SavedState {
    return this.#outbox.state;
  }

  /** Name of the step that undo would take back; null when there is none. */
  get undoName(): string | null {
    return this.#history.undoName;
  }

  get redoName(): string | null {
    return this.#history.redoName;
  }

  /** Bytes that undo and redo hold. */
  get undoBytes(): number {
    return this.#history.bytes;
  }

  /** True between a stroke's begin and its end. */
  get painting(): boolean {
    return this.#stroke !== null;
  }

  /** Milliseconds from the end of a step to its acknowledgement, newest last. */
  latencies(): readonly number[] {
    return this.#outbox.latencies;
  }

  onChange(listener: (change: LabelChange) => void): () => void {
    return this.#changes.add(listener);
  }

  onSaved(listener: (state: SavedState) => void): () => void {
    return this.#outbox.onState(listener);
  }

  /** Undo and redo names may have changed. */
  onHistory(listener: () => void): () => void {
    return this.#historyChanges.add(listener);
  }

  /** Sends at once what is waiting after a failure. */
  retryNow(): void {
    this.#outbox.retryNow();
  }

  /** Resolves when every step is acknowledged; waits as long as saving fails. */
  flushed(): Promise<void> {
    if (this.saved.kind === 'saved') return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.onSaved((state) => {
        if (state.kind !== 'saved') return;
        stop();
        resolve();
      });
    });
  }

  /** Loads the tiles that a rectangle of a slice touches. */
  load(z: number, rect: Rect, signal?: CancelSignal): Promise<void> {
    return this.tiles.load(z, tilesIn(rect, this.tiles.width, this.tiles.height), signal);
  }

  /** Every tile that a rectangle touches is loaded. */
  isLoaded(z: number, rect: Rect): boolean {
    return tilesIn(rect, this.tiles.width, this.tiles.height).every(
      ({ tx, ty }) => this.tiles.read(z, tx, ty) !== undefined,
    );
  }

  /** Puts the journal's encoded patches, oldest first, beneath what was painted here since; those of this session are passed over. */
  restoreHistory(patches: Iterable<Uint8Array>): void {
    const mine: LabelPatch[] = [];
    for (const bytes of patches) {
      const patch = decodePatch(bytes);
      const { stack, layer, lastSequence } = this.#options;
      if (patch.stack === stack && patch.layer === layer && patch.sequence <= lastSequence)
        mine.push(patch);
    }
    this.#history.restoreBeneath(mine);
    this.#historyChanges.tell(null);
  }

  /** Begins a stroke; throws `project.read-only`, and an error when one is open. */
  beginStroke(intent: StrokeIntent): OpenStroke {
    this.#mustWrite();
    if (this.#stroke) throw new Error('a stroke is open already');
    const stroke = new Stroke(this.tiles, intent);
    this.#stroke = stroke;
    return {
      get end() {
        return stroke.end;
      },
      extend: (points) => {
        const rect = stroke.extend(points);
        if (rect) this.#changes.tell({ z: intent.z, rect, cause: 'stroke' });
      },
      commit: () => {
        this.#stroke = null;
        return this.#record(intent.z, intent.name, stroke.commit()) !== null;
      },
      abort: () => {
        this.#stroke = null;
        const rect = stroke.abort();
        if (rect) this.#changes.tell({ z: intent.z, rect, cause: 'step' });
      },
    };
  }

  /** Accepts what is shown where nobody has looked; the tiles are loaded. Returns the number of pixels confirmed. */
  confirm(z: number, region: Region, shown: ShownClasses): number {
    const name = region.kind === 'slice' ? 'Confirm slice' : 'Confirm region';
    return this.#edit(z, name, region, (transaction) => {
      confirmRegion(transaction, region, this.tiles.width, this.tiles.height, shown);
    });
  }

  /** Takes all labels in a region away; the tiles are loaded. Returns the number of pixels changed. */
  erase(z: number, region: Region): number {
    return this.#edit(z, 'Erase region', region, (transaction) => {
      eraseRegion(transaction, region, this.tiles.width, this.tiles.height);
    });
  }

  /** Takes the last step back, on whatever slice; null when there is none or a stroke is open. */
  undo(): HistoryStep | null {
    return this.#travel((sequence) => this.#history.undo(sequence));
  }

  /** Does the last undone step again; null when there is none or a stroke is open. */
  redo(): HistoryStep | null {
    return this.#travel((sequence) => this.#history.redo(sequence));
  }

  dispose(): void {
    this.#outbox.dispose();
    this.#changes.clear();
    this.#historyChanges.clear();
  }

  #edit(
    z: number,
    name: string,
    region: Region,
    write: (transaction: LabelTransaction) => void,
  ): number {
    this.#mustWrite();
    if (this.#stroke) throw new Error('a stroke is open');
    const bounds = regionBounds(region, this.tiles.width, this.tiles.height);
    if (!this.isLoaded(z, bounds)) throw new Error('labels of the region are not loaded');
    const transaction = new LabelTransaction(this.tiles, z);
    write(transaction);
    const patch = this.#record(z, name, transaction.commit());
    if (!patch) return 0;
    this.#changes.tell({ z, rect: this.#rectOf(patch), cause: 'step' });
    return patchPixelCount(patch);
  }

  #record(z: number, name: string, tiles: TilePatch[]): LabelPatch | null {
    if (tiles.length === 0) return null;
    const { stack, layer } = this.#options;
    const sequence = this.#next();
    const patch: LabelPatch = {
      stack,
      layer,
      element: 'uint8',
      z,
      sequence,
      action: 'do',
      name,
      tiles,
    };
    this.#history.record(patch);
    this.#post(patch);
    this.#historyChanges.tell(null);
    return patch;
  }

  #travel(step: (sequence: number) => LabelPatch | null): HistoryStep | null {
    this.#mustWrite();
    if (this.#stroke) return null;
    const patch = step(this.#sequence + 1);
    if (!patch) return null;
    this.#next();
    for (const tile of patch.tiles) this.tiles.apply(patch.z, tile);
    this.#post(patch);
    const rect = this.#rectOf(patch);
    this.#changes.tell({ z: patch.z, rect, cause: 'step' });
    this.#historyChanges.tell(null);
    return { z: patch.z, name: patch.name, rect };
  }

  #post(patch: LabelPatch): void {
    for (const { tx, ty } of patch.tiles) this.tiles.pin(patch.z, tx, ty);
    this.#outbox.put(patch);
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #unsaved(z: number, tx: number, ty: number): TilePatch[] {
    const found: TilePatch[] = [];
    for (const patch of this.#outbox.pending()) {
      if (patch.z !== z) continue;
      const tile = patch.tiles.find((candidate) => candidate.tx === tx && candidate.ty === ty);
      if (tile) found.push(tile);
    }
    return found;
  }

  #rectOf(patch: LabelPatch): Rect {
    const { width, height } = this.tiles;
    return patch.tiles.map((tile) => tileRect(tile, width, height)).reduce(union);
  }

  #mustWrite(): void {
    if (this.access === 'read-write') return;
    throw new MembranaError('project.read-only', 'This project is open for reading only.', {
      hint: 'Close it where it is open for writing, then open it here again.',
      safe: 'Nothing was changed.',
    });
  }
}
