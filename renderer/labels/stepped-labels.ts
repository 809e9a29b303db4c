import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import type { ProjectChange, ProjectStep } from '#contract/project-step';
import { TILE_SIZE, union, type Rect } from '#contract/tiles';
import type { HistoryEntry } from './history-entry';
import { patchRect, type LabelChange } from './label-edits';
import { Listeners } from './listeners';
import { StepJournal, type StepJournalOptions } from './step-journal';
import { LabelTiles, type LabelTilesOptions } from './tile-store';

/** A step that was taken back or done again; `change` as it was applied now. */
export type HistoryStep =
  | {
      readonly kind: 'labels';
      readonly name: string;
      readonly z: number;
      readonly rect: Rect;
      /** Of a step of several slices: all of them, and what changed in any of them. */
      readonly several?: { readonly slices: readonly number[]; readonly box: Rect };
    }
  | { readonly kind: 'project'; readonly name: string; readonly change: ProjectChange };

export interface SteppedLabelsOptions
  extends Omit<StepJournalOptions, 'acknowledged'>, Omit<LabelTilesOptions, 'unsaved'> {
  readonly stack: StackId;
  readonly layer: string;
  readonly access: 'read-write' | 'read-only';
}

/**
 * Label tiles in step with the journal of steps: a step reaches the tiles, the
 * undo history and the outbox together, its tiles stay until the journal has
 * it, and the listeners hear what is different now.
 */
export class SteppedLabels {
  readonly tiles: LabelTiles;
  readonly journal: StepJournal;
  readonly changes = new Listeners<LabelChange>();
  /** Patches that are in the tiles now, whoever made them. */
  readonly patches = new Listeners<LabelPatch>();
  readonly projectChanges = new Listeners<ProjectChange>();
  readonly #options: SteppedLabelsOptions;

  constructor(options: SteppedLabelsOptions) {
    this.#options = options;
    this.journal = new StepJournal({
      ...options,
      acknowledged: (entry) => {
        if (entry.kind !== 'labels') return;
        const { z, tiles } = entry.patch;
        for (const { tx, ty } of tiles) this.tiles.unpin(z, tx, ty);
        this.tiles.trim();
      },
    });
    this.tiles = new LabelTiles({
      ...options,
      unsaved: (z, tx, ty) => this.#unsaved(z, tx, ty),
    });
  }

  /** Throws `project.read-only` where nothing may be changed. */
  mustWrite(): void {
    if (this.#options.access === 'read-write') return;
    throw new MembranaError('project.read-only', 'This project is open for reading only.', {
      hint: 'Close it where it is open for writing, then open it here again.',
      safe: 'Nothing was changed.',
    });
  }

  /** Makes a step of tiles that have changed already; null when there are none. */
  record(z: number, name: string, tiles: readonly TilePatch[]): LabelPatch | null {
    if (tiles.length === 0) return null;
    const { stack, layer } = this.#options;
    const head = { stack, layer, element: 'uint8', z, action: 'do', name } as const;
    const patch: LabelPatch = { ...head, sequence: this.journal.next, tiles };
    this.#pin(patch);
    this.journal.record({ kind: 'labels', patch });
    this.patches.tell(patch);
    return patch;
  }

  /** Takes a patch that was made elsewhere as a new step. */
  take(made: LabelPatch): void {
    const { group: _, ...alone } = made;
    const patch: LabelPatch = { ...alone, action: 'do', sequence: this.journal.next };
    this.journal.record({ kind: 'labels', patch });
    this.#follow({ kind: 'labels', patch });
  }

  /** Changes something of the project besides label pixels, as one step. */
  change(name: string, change: ProjectChange): void {
    const step: ProjectStep = { sequence: this.journal.next, action: 'do', name, change };
    this.journal.record({ kind: 'project', step });
    this.#follow({ kind: 'project', step });
  }

  /** Takes the last step back; tells of its last part, null when there is none. */
  undo(): HistoryStep | null {
    return this.#followAll(this.journal.undo());
  }

  /** Does the last undone step again; as `undo`. */
  redo(): HistoryStep | null {
    return this.#followAll(this.journal.redo());
  }

  dispose(): void {
    this.journal.dispose();
    this.changes.clear();
    this.patches.clear();
    this.projectChanges.clear();
  }

  #followAll(entries: readonly HistoryEntry[]): HistoryStep | null {
    let last: HistoryStep | null = null;
    const slices = new Set<number>();
    let box: Rect | null = null;
    for (const entry of entries) {
      last = this.#follow(entry);
      if (entry.kind !== 'labels') continue;
      slices.add(entry.patch.z);
      box = changedBox(entry.patch, box);
    }
    if (last?.kind !== 'labels' || slices.size < 2 || !box) return last;
    return { ...last, several: { slices: [...slices], box } };
  }

  /** Makes the window as an entry says that is on its way to the journal already. */
  #follow(entry: HistoryEntry): HistoryStep {
    switch (entry.kind) {
      case 'labels': {
        const { patch } = entry;
        const { z, name } = patch;
        this.#pin(patch);
        for (const tile of patch.tiles) this.tiles.apply(z, tile);
        const rect = patchRect(patch, this.tiles.width, this.tiles.height);
        this.patches.tell(patch);
        this.changes.tell({ z, rect, cause: 'step' });
        return { kind: 'labels', name, z, rect };
      }
      case 'project': {
        const { name, change } = entry.step;
        this.projectChanges.tell(change);
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
    for (const entry of this.journal.pending()) {
      if (entry.kind !== 'labels' || entry.patch.z !== z) continue;
      const tile = entry.patch.tiles.find(
        (candidate) => candidate.tx === tx && candidate.ty === ty,
      );
      if (tile) found.push(tile);
    }
    return found;
  }
}

/** The least rectangle around the pixels that a patch changes, and around `before`. */
function changedBox(patch: LabelPatch, before: Rect | null): Rect | null {
  let box = before;
  for (const { tx, ty, runs } of patch.tiles)
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const [first, length] = [runs[i] ?? 0, runs[i + 1] ?? 0];
      const [top, bottom] = [rowOf(first), rowOf(first + length - 1)];
      const x = top === bottom ? first % TILE_SIZE : 0;
      const width = top === bottom ? length : TILE_SIZE;
      const run = {
        x: tx * TILE_SIZE + x,
        y: ty * TILE_SIZE + top,
        width,
        height: bottom - top + 1,
      };
      box = box ? union(box, run) : run;
    }
  return box;
}

function rowOf(pixel: number): number {
  return Math.floor(pixel / TILE_SIZE);
}
