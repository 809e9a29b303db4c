import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import type { ProjectChange, ProjectStep, RecordedStep } from '#contract/project-step';
import { tilesIn, type Rect } from '#contract/tiles';
import type { ByteField } from './byte-field';
import type { CancelSignal } from './cancel-signal';
import { UNDO_BUDGET } from './history';
import type { HistoryEntry } from './history-entry';
import { LabelEdits, patchRect, type LabelChange, type OpenStroke } from './label-edits';
import { Listeners } from './listeners';
import type { Clock, SavedState, SendStep } from './outbox';
import type { PaintRule } from './paint-mode';
import type { PixelArea } from './pixel-area';
import { readLabels } from './read-labels';
import type { Region, ShownClasses } from './region';
import { continuesStep } from './slice-span-step';
import { StepJournal } from './step-journal';
import type { StrokeIntent } from './stroke';
import { LabelTiles, type FetchLabelTile } from './tile-store';

export type { LabelChange, OpenStroke } from './label-edits';

const TILE_BUDGET = 256 * 1024 * 1024;

export interface LabelSessionOptions {
  readonly stack: StackId;
  readonly layer: string;
  /** Slice size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Sequence of the last journalled step; this session goes on from the next. */
  readonly lastSequence: number;
  readonly access: 'read-write' | 'read-only';
  readonly fetchTile: FetchLabelTile;
  readonly send: SendStep;
  readonly clock: Clock;
  readonly tileBudget?: number;
  readonly undoBudget?: number;
}

/** A step that was taken back or done again; `change` as it was applied now. */
export type HistoryStep =
  | { readonly kind: 'labels'; readonly name: string; readonly z: number; readonly rect: Rect }
  | { readonly kind: 'project'; readonly name: string; readonly change: ProjectChange };

/**
 * The labels of one stack as the window holds them, and the one history of the
 * project: everything painted, confirmed, erased, changed, undone passes here,
 * reaches the tiles, the undo history and the outbox in one step, and tells
 * the listeners what to redraw.
 */
export class LabelSession {
  readonly tiles: LabelTiles;
  readonly access: 'read-write' | 'read-only';
  readonly #options: LabelSessionOptions;
  readonly #steps: StepJournal;
  readonly #changes = new Listeners<LabelChange>();
  readonly #projectChanges = new Listeners<ProjectChange>();
  readonly #edits: LabelEdits;

  constructor(options: LabelSessionOptions) {
    this.#options = options;
    this.access = options.access;
    this.#steps = new StepJournal({
      lastSequence: options.lastSequence,
      send: options.send,
      clock: options.clock,
      undoBudget: options.undoBudget ?? UNDO_BUDGET,
      acknowledged: (entry) => {
        if (entry.kind !== 'labels') return;
        const { z, tiles } = entry.patch;
        for (const { tx, ty } of tiles) this.tiles.unpin(z, tx, ty);
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
    this.#edits = new LabelEdits({
      tiles: this.tiles,
      mustWrite: () => {
        this.#mustWrite();
      },
      record: (z, name, tiles) => this.#record(z, name, tiles),
      changed: (change) => {
        this.#changes.tell(change);
      },
    });
  }

  get saved(): SavedState {
    return this.#steps.saved;
  }

  /** Number of the last step, saved or not. */
  get lastSequence(): number {
    return this.#steps.next - 1;
  }

  /** Name of the step that undo would take back; null when there is none. */
  get undoName(): string | null {
    return this.#steps.undoName;
  }

  get redoName(): string | null {
    return this.#steps.redoName;
  }

  /** Bytes that the undo history holds. */
  get historyBytes(): number {
    return this.#steps.historyBytes;
  }

  /** True between a stroke's begin and its end. */
  get painting(): boolean {
    return this.#edits.painting;
  }

  /** Milliseconds from the end of a step to its acknowledgement, newest last. */
  latencies(): readonly number[] {
    return this.#steps.latencies();
  }

  onChange(listener: (change: LabelChange) => void): () => void {
    return this.#changes.add(listener);
  }

  /** Something of the project besides label pixels is to be as the change says. */
  onProjectChange(listener: (change: ProjectChange) => void): () => void {
    return this.#projectChanges.add(listener);
  }

  onSaved(listener: (state: SavedState) => void): () => void {
    return this.#steps.onSaved(listener);
  }

  /** Undo and redo names may have changed. */
  onHistory(listener: () => void): () => void {
    return this.#steps.onHistory(listener);
  }

  /** A change of this kind is on its way to the journal. */
  isWaiting(kind: ProjectChange['kind']): boolean {
    for (const entry of this.#steps.pending())
      if (entry.kind === 'project' && entry.step.change.kind === kind) return true;
    return false;
  }

  /** Sends at once what is waiting after a failure. */
  retryNow(): void {
    this.#steps.retryNow();
  }

  /** Resolves when every step is acknowledged; waits as long as saving fails. */
  flushed(): Promise<void> {
    return this.#steps.flushed();
  }

  /** Loads the tiles that a rectangle of a slice touches. */
  load(z: number, rect: Rect, signal?: CancelSignal): Promise<void> {
    return this.tiles.load(z, tilesIn(rect, this.tiles.width, this.tiles.height), signal);
  }

  /** Every tile that a rectangle touches is loaded. */
  isLoaded(z: number, rect: Rect): boolean {
    return this.tiles.isLoaded(z, rect);
  }

  /** Puts the journal's steps, oldest first, beneath what was done here since; those of this session are passed over. */
  restoreHistory(steps: Iterable<RecordedStep>): void {
    const { stack, layer } = this.#options;
    this.#steps.restore(
      steps,
      (entry) =>
        entry.kind === 'project' || (entry.patch.stack === stack && entry.patch.layer === layer),
    );
  }

  /** Changes something of the project besides label pixels, as one step; throws `project.read-only`. */
  change(name: string, change: ProjectChange): void {
    this.#mustWrite();
    const step: ProjectStep = { sequence: this.#steps.next, action: 'do', name, change };
    this.#steps.record({ kind: 'project', step });
    this.#projectChanges.tell(change);
  }

  /** Begins a stroke; throws `project.read-only`, and an error when one is open. */
  beginStroke(intent: StrokeIntent): OpenStroke {
    return this.#edits.beginStroke(intent);
  }

  /** Accepts what is shown where nobody has looked; the tiles are loaded. Returns the number of pixels confirmed. */
  confirm(z: number, region: Region, shown: ShownClasses): number {
    return this.#edits.confirm(z, region, shown);
  }

  /** Takes all labels in a region away; the tiles are loaded. Returns the number of pixels changed. */
  erase(z: number, region: Region): number {
    return this.#edits.erase(z, region);
  }

  /**
   * Writes a label byte to an area where the rule lets it, as one step. Returns
   * the number of pixels changed; 0 = no step. This and the other edits of
   * areas throw `project.read-only`, and an error while a stroke is open or a
   * tile of the area is not loaded.
   */
  paint(z: number, name: string, area: PixelArea, label: number, rule: PaintRule): number {
    return this.#edits.paint(z, name, area, label, rule);
  }

  /** As `paint`, with a label byte of its own for every pixel, in the order of the area's spans. */
  write(z: number, name: string, area: PixelArea, labels: Uint8Array, rule: PaintRule): number {
    return this.#edits.write(z, name, area, labels, rule);
  }

  /** Accepts what is shown in an area where nobody has looked; returns the number of pixels confirmed. */
  confirmArea(z: number, name: string, area: PixelArea, shown: ShownClasses): number {
    return this.#edits.confirmArea(z, name, area, shown);
  }

  /**
   * The way back from confirming: confirmed pixels of an area become untouched,
   * but those of locked classes; what was painted stays (the eraser takes that).
   */
  unreview(
    z: number,
    name: string,
    area: PixelArea,
    locked: ReadonlySet<number> = new Set(),
  ): number {
    return this.#edits.unreview(z, name, area, locked);
  }

  /** Label bytes of a rectangle of whole pixels, clipped to the slice; null while a tile of it is not loaded. */
  readField(z: number, rect: Rect): ByteField | null {
    return readLabels(this.tiles, z, rect);
  }

  /** Takes the last step back, on whatever slice; null when there is none or a stroke is open. */
  undo(): HistoryStep | null {
    return this.#travelStep(
      () => this.#steps.undo(),
      () => this.undoName,
    );
  }

  /** Does the last undone step again; null when there is none or a stroke is open. */
  redo(): HistoryStep | null {
    return this.#travelStep(
      () => this.#steps.redo(),
      () => this.redoName,
    );
  }

  dispose(): void {
    this.#steps.dispose();
    this.#changes.clear();
    this.#projectChanges.clear();
  }

  #record(z: number, name: string, tiles: readonly TilePatch[]): LabelPatch | null {
    if (tiles.length === 0) return null;
    const { stack, layer } = this.#options;
    const head = { stack, layer, element: 'uint8', z, action: 'do', name } as const;
    const patch: LabelPatch = { ...head, sequence: this.#steps.next, tiles };
    this.#pin(patch);
    this.#steps.record({ kind: 'labels', patch });
    return patch;
  }

  /** All parts of a step over several slices; tells of the last one. */
  #travelStep(part: () => HistoryEntry | null, next: () => string | null): HistoryStep | null {
    let step = this.#travel(part);
    while (step && continuesStep(step.name, next())) step = this.#travel(part) ?? step;
    return step;
  }

  #travel(step: () => HistoryEntry | null): HistoryStep | null {
    this.#mustWrite();
    if (this.painting) return null;
    const entry = step();
    if (!entry) return null;
    switch (entry.kind) {
      case 'labels': {
        const { patch } = entry;
        const { z, name } = patch;
        this.#pin(patch);
        for (const tile of patch.tiles) this.tiles.apply(z, tile);
        const rect = patchRect(patch, this.tiles.width, this.tiles.height);
        this.#changes.tell({ z, rect, cause: 'step' });
        return { kind: 'labels', name, z, rect };
      }
      case 'project': {
        const { name, change } = entry.step;
        this.#projectChanges.tell(change);
        return { kind: 'project', name, change };
      }
    }
  }

  /** Keeps a patch's tiles until it is acknowledged. */
  #pin(patch: LabelPatch): void {
    for (const { tx, ty } of patch.tiles) this.tiles.pin(patch.z, tx, ty);
  }

  #unsaved(z: number, tx: number, ty: number): TilePatch[] {
    const found: TilePatch[] = [];
    for (const entry of this.#steps.pending()) {
      if (entry.kind !== 'labels' || entry.patch.z !== z) continue;
      const tile = entry.patch.tiles.find(
        (candidate) => candidate.tx === tx && candidate.ty === ty,
      );
      if (tile) found.push(tile);
    }
    return found;
  }

  #mustWrite(): void {
    if (this.access === 'read-write') return;
    throw new MembranaError('project.read-only', 'This project is open for reading only.', {
      hint: 'Close it where it is open for writing, then open it here again.',
      safe: 'Nothing was changed.',
    });
  }
}
