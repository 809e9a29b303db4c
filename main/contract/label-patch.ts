import type { StackId } from './ids';
import { TILE_PIXELS } from './tiles';

/** Values of the pixels of a tile's runs, in run order: one for all, or one each. */
export type PatchValues =
  | { readonly kind: 'uniform'; readonly value: number }
  | { readonly kind: 'pixels'; readonly values: Uint8Array };

/** Changed pixels of one tile. `runs` = start, length, start, length …, ascending and disjoint, in tile pixel indices (row-major). */
export interface TilePatch {
  readonly tx: number;
  readonly ty: number;
  readonly runs: Uint32Array;
  readonly before: PatchValues;
  readonly after: PatchValues;
}

/** How a patch came about; replaying the journal rebuilds the undo history from it. */
export type PatchAction = 'do' | 'undo' | 'redo';

/**
 * One user step on one slice: absolute ("pixel i becomes v"), so applying it
 * twice is harmless. It is the unit of undo, of the journal and of the wire.
 */
export interface LabelPatch {
  readonly stack: StackId;
  readonly layer: string;
  readonly element: 'uint8';
  readonly z: number;
  /** Counts up by one a patch within a project; set by the window, continued after reopening. */
  readonly sequence: number;
  readonly action: PatchAction;
  /** What the user did, for "Undo …": Brush, Eraser, Confirm region, … */
  readonly name: string;
  /** Steps of one group are taken back and done again together: the sequence of its first. */
  readonly group?: number;
  readonly tiles: readonly TilePatch[];
}

export function runPixelCount(runs: Uint32Array): number {
  let count = 0;
  for (let i = 1; i < runs.length; i += 2) count += runs[i] ?? 0;
  return count;
}

export function patchPixelCount(patch: Pick<LabelPatch, 'tiles'>): number {
  return patch.tiles.reduce((sum, tile) => sum + runPixelCount(tile.runs), 0);
}

function write(target: Uint8Array, runs: Uint32Array, values: PatchValues): void {
  let offset = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const length = runs[i + 1] ?? 0;
    if (values.kind === 'uniform') target.fill(values.value, start, start + length);
    else target.set(values.values.subarray(offset, offset + length), start);
    offset += length;
  }
}

/** Writes a tile's part of a patch into its TILE_SIZE² label bytes. */
export function applyTilePatch(tile: Uint8Array, patch: TilePatch): void {
  if (tile.length !== TILE_PIXELS)
    throw new RangeError(`label tile of ${String(tile.length)} bytes`);
  write(tile, patch.runs, patch.after);
}

/** The patch that takes this one back; inverting twice gives the same pixels again. */
export function invertPatch(patch: LabelPatch, action: PatchAction, sequence: number): LabelPatch {
  return {
    ...patch,
    action,
    sequence,
    tiles: patch.tiles.map((tile) => ({ ...tile, before: tile.after, after: tile.before })),
  };
}

/** Bytes a patch holds in memory, for budgets. */
export function patchBytes(patch: LabelPatch): number {
  const valueBytes = (values: PatchValues): number =>
    values.kind === 'pixels' ? values.values.byteLength : 1;
  return patch.tiles.reduce(
    (sum, tile) =>
      sum + tile.runs.byteLength + valueBytes(tile.before) + valueBytes(tile.after) + 64,
    128,
  );
}
