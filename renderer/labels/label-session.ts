import type { StackId } from '#contract/ids';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import type { ProjectChange, EncodedEdit } from '#contract/project-step';
import { tilesIn, type Rect } from '#contract/tiles';
import type { ByteField } from './byte-field';
import type { CancelSignal } from './cancel-signal';
import { UNDO_BUDGET } from './history';
import { headOf, type Edit } from './edit';
import { LabelEdits, type LabelChange, type OpenStroke } from './label-edits';
import type { Clock, SavedState, SendStep } from './outbox';
import type { PaintRule } from './paint-mode';
import type { PixelArea } from './pixel-area';
import { readLabels } from './read-labels';
import type { Region, ShownClasses } from './region';
import { TrackedLabels, type AppliedEdit, type UpcomingEdit } from './tracked-labels';
import type { StrokeIntent } from './stroke';
import type { FetchLabelTile, LabelTiles } from './tile-store';

export type { LabelChange, OpenStroke } from './label-edits';
export type { AppliedEdit, UpcomingEdit } from './tracked-labels';

const groupOf = (entry: Edit | undefined): number | undefined => entry && headOf(entry).group;

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

/**
 * The labels of one layer as the window holds them, and the one history of the
 * project: everything painted, confirmed, erased, changed, undone passes here,
 * reaches the tiles, the undo history and the outbox in one step, and tells
 * the listeners what to redraw.
 */
export class LabelSession {
  readonly tiles: LabelTiles;
  readonly access: 'read-write' | 'read-only';
  readonly #place: Pick<LabelSessionOptions, 'stack' | 'layer'>;
  readonly #labels: TrackedLabels;
  readonly #edits: LabelEdits;
  readonly #painters = new Set<() => boolean>();

  constructor(options: LabelSessionOptions) {
    this.access = options.access;
    this.#place = { stack: options.stack, layer: options.layer };
    const labels = new TrackedLabels({
      ...options,
      undoBudget: options.undoBudget ?? UNDO_BUDGET,
      budget: options.tileBudget ?? TILE_BUDGET,
    });
    this.#labels = labels;
    this.tiles = labels.tiles;
    this.#edits = new LabelEdits({
      tiles: labels.tiles,
      assertWritable: () => {
        labels.assertWritable();
      },
      record: (z, name, tiles) => labels.record(z, name, tiles),
      changed: (change) => {
        labels.changes.tell(change);
      },
    });
  }

  get saved(): SavedState {
    return this.#labels.journal.saved;
  }

  /** Number of the last step, saved or not. */
  get lastSequence(): number {
    return this.#labels.journal.next - 1;
  }

  /** Name of the step that undo would take back; null when there is none. */
  get undoName(): string | null {
    return this.#labels.journal.undoName;
  }

  get redoName(): string | null {
    return this.#labels.journal.redoName;
  }

  /** Bytes that the undo history holds. */
  get historyBytes(): number {
    return this.#labels.journal.historyBytes;
  }

  /** True between a stroke's begin and its end, here or in a plane of the same labels. */
  get painting(): boolean {
    return this.#edits.painting || [...this.#painters].some((isPainting) => isPainting());
  }

  /** Whoever edits the same labels elsewhere says while a stroke is open there; returns the disposer. */
  joinPainting(isPainting: () => boolean): () => void {
    this.#painters.add(isPainting);
    return () => this.#painters.delete(isPainting);
  }

  /** Throws `project.read-only` where nothing may be changed. */
  assertWritable(): void {
    this.#labels.assertWritable();
  }

  /** Milliseconds from the end of a step to its acknowledgement, newest last. */
  latencies(): readonly number[] {
    return this.#labels.journal.latencies();
  }

  onChange(listener: (change: LabelChange) => void): () => void {
    return this.#labels.changes.add(listener);
  }

  /** Hears of every patch that is in the tiles now: painted, taken, taken back, done again. */
  onPatch(listener: (patch: LabelPatch) => void): () => void {
    return this.#labels.patches.add(listener);
  }

  /** Something of the project besides label pixels is to be as the change says. */
  onProjectChange(listener: (change: ProjectChange) => void): () => void {
    return this.#labels.projectChanges.add(listener);
  }

  /** Ids of some layer have changed on the disk; none of them are held here. */
  onIds(listener: () => void): () => void {
    return this.#labels.ids.add(listener);
  }

  onSaved(listener: (state: SavedState) => void): () => void {
    return this.#labels.journal.onSaved(listener);
  }

  /** Undo and redo names may have changed. */
  onHistory(listener: () => void): () => void {
    return this.#labels.journal.onHistory(listener);
  }

  /** A change of this kind is on its way to the journal. */
  isWaiting(kind: ProjectChange['kind']): boolean {
    for (const entry of this.#labels.journal.pending())
      if (entry.kind === 'project' && entry.step.change.kind === kind) return true;
    return false;
  }

  /** Steps that are not acknowledged, oldest first. */
  unsaved(): Edit[] {
    return [...this.#labels.journal.pending()];
  }

  /** What they change in these labels, a patch for each slice; steps of other layers have no part in it. */
  unsavedPatches(): LabelPatch[] {
    return this.#labels.unsavedPatches();
  }

  /** Whether these are the labels of that layer. */
  isOf({ stack, layer }: { readonly stack: string; readonly layer: string }): boolean {
    return stack === this.#place.stack && layer === this.#place.layer;
  }

  /** Whether a project whose last step has this number is where this session left it, so that what waits can go on to it. */
  follows(lastSequence: number): boolean {
    const acknowledged = this.lastSequence - this.unsaved().length;
    return lastSequence >= acknowledged && lastSequence <= this.lastSequence;
  }

  /**
   * Takes steps over that another session could not save, as new ones: after
   * what the project has by now, and those that were one step stay one.
   */
  takeOver(entries: readonly Edit[]): void {
    for (let at = 0; at < entries.length;) {
      const group = groupOf(entries[at]);
      let end = at + 1;
      while (group !== undefined && end < entries.length && groupOf(entries[end]) === group)
        end += 1;
      const one = entries.slice(at, end);
      this.transact(() => {
        for (const entry of one) this.#takeOne(entry);
      });
      at = end;
    }
  }

  #takeOne(entry: Edit): void {
    switch (entry.kind) {
      case 'labels':
        this.#labels.take(entry.patch);
        return;
      case 'voxels':
        this.#labels.takeEdit(entry.edit);
        return;
      case 'project':
        this.#labels.change(entry.step.name, entry.step.change);
    }
  }

  /** Sends at once what is waiting after a failure. */
  retryNow(): void {
    this.#labels.journal.retryNow();
  }

  /** Resolves when every step is acknowledged; waits as long as saving fails. */
  flushed(): Promise<void> {
    return this.#labels.journal.flushed();
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
  restoreHistory(steps: Iterable<EncodedEdit>): void {
    this.#labels.journal.restore(steps);
  }

  /** Changes something of the project besides label pixels, as one step; throws `project.read-only`. */
  change(name: string, change: ProjectChange): void {
    this.#labels.assertWritable();
    this.#labels.change(name, change);
  }

  /** Steps that `work` makes are taken back and done again as one, which has the name of its last. */
  transact<T>(work: () => T): T {
    return this.#labels.journal.transact(work);
  }

  /**
   * Takes patches that were made elsewhere (a version that is restored, say),
   * and a change of the project, as one step of the history.
   *
   * Throws `project.read-only`, and an error when a stroke is open.
   */
  applyBatch(name: string, patches: readonly LabelPatch[], change: ProjectChange | null): void {
    this.#labels.assertWritable();
    if (this.painting) throw new Error('a stroke is open');
    this.transact(() => {
      // A layer that the change adds has to be there before anything is painted in it.
      if (change?.kind === 'layers') this.#labels.change(name, change);
      for (const patch of patches) this.#labels.take(patch);
      if (change && change.kind !== 'layers') this.#labels.change(name, change);
    });
  }

  /** Takes what was changed on several slices as one step; throws as `applyBatch`. */
  takeSlices(name: string, slices: ReadonlyMap<number, readonly TilePatch[]>): void {
    const { stack, layer } = this.#place;
    const head = { stack, layer, element: 'uint8', sequence: 0, action: 'do', name } as const;
    const patches = [...slices].map(([z, tiles]): LabelPatch => ({ ...head, z, tiles }));
    this.applyBatch(name, patches, null);
  }

  /** Begins a stroke; throws `project.read-only`, and an error when one is open. */
  beginStroke(intent: StrokeIntent): OpenStroke {
    return this.#edits.beginStroke(intent);
  }

  /** Accepts what is shown where nobody has looked; the tiles are loaded. Returns the number of pixels confirmed. */
  confirm(z: number, region: Region, shown: ShownClasses): number {
    return this.#edits.confirm(z, region, shown);
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

  /** What undo or redo would do now, part by part; empty when there is none. */
  upcoming(direction: 'undo' | 'redo'): readonly UpcomingEdit[] {
    return this.#labels.upcoming(direction);
  }

  /** Takes the last step back, on whatever slice and layer; null when there is none or a stroke is open. */
  undo(): AppliedEdit | null {
    this.#labels.assertWritable();
    return this.painting ? null : this.#labels.undo();
  }

  /** Does the last undone step again; null when there is none or a stroke is open. */
  redo(): AppliedEdit | null {
    this.#labels.assertWritable();
    return this.painting ? null : this.#labels.redo();
  }

  dispose(): void {
    this.#labels.dispose();
  }
}
