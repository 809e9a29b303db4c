import { basename, dirname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { applyTilePatch, type LabelPatch, type TilePatch } from '#contract/label-patch';
import { decodePatch, encodePatch } from '#contract/label-patch-codec';
import { TILE_PIXELS } from '#contract/tiles';
import type { LabelStore } from '../labels/label-store';
import { tileDifference } from '../labels/tile-difference';
import { flushFolder, type FileSystem } from '../storage/file-system';
import type { JournalRecord } from '../storage/journal/journal-record';
import { readAsideFiles, stepKey } from '../storage/journal/aside-file';

/** What came of steps that lay beside a project's history. */
export interface Merged {
  /** Strokes that are in the project now, as the newest steps of its history. */
  readonly strokes: number;
  /** Steps that are no strokes or don't fit this project; they stay in their file. */
  readonly left: number;
}

/** The stroke as a change of the labels as they are now, so that undo takes back just that; null where it changes nothing. */
async function onTop(labels: LabelStore, patch: LabelPatch): Promise<LabelPatch | null> {
  const tiles: TilePatch[] = [];
  for (const tile of patch.tiles) {
    const { tx, ty } = tile;
    const before = (await labels.tile(patch.z, tx, ty)) ?? new Uint8Array(TILE_PIXELS);
    const after = before.slice();
    applyTilePatch(after, tile);
    const difference = tileDifference({ tx, ty }, before, after);
    if (difference) tiles.push(difference);
  }
  if (tiles.length === 0) return null;
  const { stack, layer, element, z, name } = patch;
  const sequence = labels.lastSequence + 1;
  return { stack, layer, element, z, sequence, action: 'do', name, tiles };
}

/** `same`: the labels are so already. */
async function mergeRecord(
  labels: LabelStore,
  { kind, payload }: JournalRecord,
): Promise<'added' | 'same' | 'left'> {
  if (kind !== 'label-patch') return 'left';
  try {
    const patch = await onTop(labels, decodePatch(payload));
    if (!patch) return 'same';
    await labels.append(encodePatch(patch));
    return 'added';
  } catch (error) {
    if (error instanceof MembranaError && error.code === 'labels.patch-invalid') return 'left';
    throw error;
  }
}

/**
 * Adds the strokes of all files aside to the project, on top of what is there,
 * in the order in which they were painted. `known`: records of the history,
 * which count once.
 *
 * @throws as LabelStore.append; what was added by then is saved, and merging
 *   again adds nothing twice, since a stroke that changes nothing is no step
 */
export async function mergeAside(
  files: FileSystem,
  folders: readonly string[],
  labels: LabelStore,
  known: ReadonlySet<string>,
): Promise<Merged> {
  let strokes = 0;
  let left = 0;
  for (const folder of folders)
    for (const { path, merged, records } of await readAsideFiles(files, folder)) {
      if (merged) continue;
      let whole = true;
      for (const record of records) {
        if (known.has(stepKey(record))) continue;
        const outcome = await mergeRecord(labels, record);
        if (outcome === 'added') strokes += 1;
        if (outcome === 'left') left += 1;
        whole &&= outcome !== 'left';
      }
      if (!whole) continue;
      await files.rename(path, join(dirname(path), basename(path).replace(/^aside/, 'merged')));
      await flushFolder(files, folder);
    }
  return { strokes, left };
}
