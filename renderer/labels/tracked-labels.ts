import { MembranaError } from '#contract/errors';
import type { StackId } from '#contract/ids';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import type { ProjectChange, ProjectStep } from '#contract/project-step';
import { TILE_SIZE, tileRect, union, type Rect } from '#contract/tiles';
import { tilePatchOf, type VoxelEdit } from '#volume/voxel-edit';
import { headOf, type Edit } from './edit';
import type { LabelChange } from './label-edits';
import { Listeners } from './listeners';
import { EditLog, type EditLogOptions } from './edit-log';
import { LabelTiles, type LabelTilesOptions } from './tile-store';

/**
 * A step that was taken back or done again; `change` as it was applied now. A
 * step of another layer than the one shown has no `rect`: nothing of it is in the window.
 */
export type AppliedEdit =
  | {
      readonly kind: 'labels';
      readonly name: string;
      readonly at: { readonly stack: string; readonly layer: string };
      readonly z: number;
      readonly rect: Rect | null;
      /** Of a step of several slices: all of them, and what changed in any of them. */
      readonly several?: { readonly slices: readonly number[]; readonly box: Rect };
    }
  | { readonly kind: 'project'; readonly name: string; readonly change: ProjectChange };

/** A step, or a part of one, that undo or redo would apply. */
export type UpcomingEdit =
  | Pick<Extract<AppliedEdit, { kind: 'labels' }>, 'kind' | 'at'>
  | Pick<Extract<AppliedEdit, { kind: 'project' }>, 'kind' | 'change'>;

export interface TrackedLabelsOptions
  extends Omit<EditLogOptions, 'acknowledged'>, Omit<LabelTilesOptions, 'unsaved'> {
  readonly stack: StackId;
  readonly layer: string;
  readonly access: 'read-write' | 'read-only';
}

/**
 * Label tiles in step with the journal of steps: a step reaches the tiles, the
 * undo history and the outbox together, its tiles stay until the journal has
 * it, and the listeners hear what is different now.
 */
export class TrackedLabels {
  readonly tiles: LabelTiles;
  readonly journal: EditLog;
  readonly changes = new Listeners<LabelChange>();
  /** Patches that are in the tiles now, whoever made them. */
  readonly patches = new Listeners<LabelPatch>();
  /** Ids changed, and main has them. */
  readonly ids = new Listeners<null>();
  readonly projectChanges = new Listeners<ProjectChange>();
  readonly #options: TrackedLabelsOptions;

  constructor(options: TrackedLabelsOptions) {
    this.#options = options;
    this.journal = new EditLog({
      ...options,
      acknowledged: (entry) => {
        for (const { z, tile } of this.#own(entry)) this.tiles.unpin(z, tile.tx, tile.ty);
        this.tiles.trim();
        if (entry.kind === 'voxels' && entry.edit.layers.some(({ element }) => element !== 'uint8'))
          this.ids.tell(null);
      },
    });
    this.tiles = new LabelTiles({
      ...options,
      unsaved: (z, tx, ty) => this.#unsaved(z, tx, ty),
    });
  }

  /** Throws `project.read-only` where nothing may be changed. */
  assertWritable(): void {
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
    for (const { tx, ty } of tiles) this.tiles.pin(z, tx, ty);
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

  /** As `take`, of an edit over several layers or slices. */
  takeEdit(made: VoxelEdit): void {
    const { group: _, ...alone } = made;
    const edit: VoxelEdit = { ...alone, action: 'do', sequence: this.journal.next };
    this.journal.record({ kind: 'voxels', edit });
    this.#follow({ kind: 'voxels', edit });
  }

  /** Changes something of the project besides label pixels, as one step. */
  change(name: string, change: ProjectChange): void {
    const step: ProjectStep = { sequence: this.journal.next, action: 'do', name, change };
    this.journal.record({ kind: 'project', step });
    this.#follow({ kind: 'project', step });
  }

  /** What undo or redo would do now, part by part; empty when there is none. */
  upcoming(direction: 'undo' | 'redo'): UpcomingEdit[] {
    return this.journal.upcoming(direction).map((entry) => {
      switch (entry.kind) {
        case 'labels':
          return { kind: 'labels', at: entry.patch };
        case 'voxels': {
          const { layers } = entry.edit;
          return {
            kind: 'labels',
            at: layers.find((one) => this.#isShown(one)) ?? layers[0] ?? this.#options,
          };
        }
        case 'project':
          return { kind: 'project', change: entry.step.change };
      }
    });
  }

  /** Takes the last step back; tells of its last part, null when there is none. */
  undo(): AppliedEdit | null {
    return this.#followAll(this.journal.undo());
  }

  /** Does the last undone step again; as `undo`. */
  redo(): AppliedEdit | null {
    return this.#followAll(this.journal.redo());
  }

  dispose(): void {
    this.journal.dispose();
    this.changes.clear();
    this.patches.clear();
    this.projectChanges.clear();
    this.ids.clear();
  }

  #followAll(entries: readonly Edit[]): AppliedEdit | null {
    let last: AppliedEdit | null = null;
    const slices = new Set<number>();
    let box: Rect | null = null;
    for (const entry of entries) {
      last = this.#follow(entry);
      for (const { z, tile } of this.#own(entry)) {
        slices.add(z);
        box = changedBox(tile, box);
      }
    }
    if (last?.kind !== 'labels' || slices.size < 2 || !box) return last;
    return { ...last, several: { slices: [...slices], box } };
  }

  /** Makes the window as an entry says that is on its way to the journal already. */
  #follow(entry: Edit): AppliedEdit {
    switch (entry.kind) {
      case 'labels':
        return this.#show(entry, entry.patch, entry.patch.z);
      case 'voxels': {
        const [first] = entry.edit.layers;
        const own = entry.edit.layers.find((one) => this.#isShown(one));
        const at = own ?? first ?? this.#options;
        return this.#show(entry, { ...at, name: entry.edit.name }, own?.chunks[0]?.z ?? 0);
      }
      case 'project': {
        const { name, change } = entry.step;
        this.projectChanges.tell(change);
        return { kind: 'project', name, change };
      }
    }
  }

  /** Writes what of an entry belongs to the layer shown into its tiles, which stay until it is acknowledged. */
  #show(
    entry: Edit,
    {
      name,
      stack,
      layer,
    }: { readonly name: string; readonly stack: string; readonly layer: string },
    z: number,
  ): AppliedEdit {
    const own = this.#own(entry);
    const rects = new Map<number, Rect>();
    const { width, height } = this.tiles;
    for (const { z: on, tile } of own) {
      this.tiles.pin(on, tile.tx, tile.ty);
      this.tiles.apply(on, tile);
      const rect = tileRect(tile, width, height);
      const before = rects.get(on);
      rects.set(on, before ? union(before, rect) : rect);
    }
    for (const patch of this.#patchesOf(entry)) this.patches.tell(patch);
    for (const [on, rect] of rects) this.changes.tell({ z: on, rect, cause: 'step' });
    return { kind: 'labels', name, at: { stack, layer }, z, rect: rects.get(z) ?? null };
  }

  /** What steps that are not acknowledged change in the layer shown, oldest first. */
  unsavedPatches(): LabelPatch[] {
    return [...this.journal.pending()].flatMap((entry) => this.#patchesOf(entry));
  }

  /** What an entry changes in the layer shown, a patch for each slice. */
  #patchesOf(entry: Edit): LabelPatch[] {
    const { stack, layer } = this.#options;
    const { sequence, action, name } = headOf(entry);
    const own = this.#own(entry);
    return [...new Set(own.map(({ z }) => z))].map((z) => {
      const tiles = own.filter((one) => one.z === z).map(({ tile }) => tile);
      return { stack, layer, element: 'uint8', z, sequence, action, name, tiles };
    });
  }

  #isShown({ stack, layer }: { readonly stack: string; readonly layer: string }): boolean {
    return stack === this.#options.stack && layer === this.#options.layer;
  }

  /** The tiles of an entry that belong to the layer shown. */
  #own(entry: Edit): readonly { readonly z: number; readonly tile: TilePatch }[] {
    switch (entry.kind) {
      case 'labels': {
        const { z, tiles } = entry.patch;
        return this.#isShown(entry.patch) ? tiles.map((tile) => ({ z, tile })) : [];
      }
      case 'voxels':
        return entry.edit.layers
          .filter((one) => this.#isShown(one) && one.element === 'uint8')
          .flatMap(({ chunks }) => chunks.map((one) => ({ z: one.z, tile: tilePatchOf(one) })));
      case 'project':
        return [];
    }
  }

  #unsaved(z: number, tx: number, ty: number): TilePatch[] {
    const found: TilePatch[] = [];
    for (const entry of this.journal.pending())
      for (const { z: on, tile } of this.#own(entry))
        if (on === z && tile.tx === tx && tile.ty === ty) found.push(tile);
    return found;
  }
}

/** The least rectangle around the pixels that change in a tile, and around `before`. */
function changedBox({ tx, ty, runs }: TilePatch, before: Rect | null): Rect | null {
  let box = before;
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
