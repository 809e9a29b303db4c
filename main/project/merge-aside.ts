import { basename, dirname, join } from 'node:path';
import { MembranaError } from '#contract/errors';
import { TILE_PIXELS } from '#contract/tiles';
import {
  applyChunkEdit,
  newVoxels,
  type ChunkEdit,
  type LayerEdit,
  type VoxelEdit,
} from '#volume/voxel-edit';
import { decodeEdit, encodeEdit } from '#volume/voxel-edit-codec';
import { chunkDifference } from '../labels/chunk-difference';
import { LabelStore } from '../labels/label-store';
import type { ProjectLabels } from '../labels/project-labels';
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
async function onTop(labels: ProjectLabels, edit: VoxelEdit): Promise<VoxelEdit | null> {
  const layers: LayerEdit[] = [];
  for (const part of edit.layers) {
    const layer = new LabelStore(labels, part);
    const chunks: ChunkEdit[] = [];
    for (const chunk of part.chunks) {
      const { z, tx, ty } = chunk;
      const before = (await layer.voxels(z, tx, ty)) ?? newVoxels(part.element, TILE_PIXELS);
      const after = before.slice();
      applyChunkEdit(after, chunk);
      const difference = chunkDifference({ z, tx, ty }, before, after);
      if (difference) chunks.push(difference);
    }
    if (chunks.length > 0) layers.push({ ...part, chunks });
  }
  if (layers.length === 0) return null;
  return { sequence: labels.lastSequence + 1, action: 'do', name: edit.name, layers };
}

/** `same`: the labels are so already. */
async function mergeRecord(
  labels: ProjectLabels,
  { kind, payload }: JournalRecord,
): Promise<'added' | 'same' | 'left'> {
  if (kind !== 'label-patch') return 'left';
  try {
    const edit = await onTop(labels, decodeEdit(payload));
    if (!edit) return 'same';
    await labels.append(encodeEdit(edit));
    return 'added';
  } catch (error) {
    if (!(error instanceof MembranaError)) throw error;
    if (error.code === 'labels.patch-invalid' || error.code === 'labels.layer-removed')
      return 'left';
    throw error;
  }
}

/**
 * Adds the strokes of all files aside to the project, on top of what is there,
 * in the order in which they were painted. `known`: records of the history,
 * which count once.
 *
 * @throws as ProjectLabels.append; what was added by then is saved, and merging
 *   again adds nothing twice, since a stroke that changes nothing is no step
 */
export async function mergeAside(
  files: FileSystem,
  folders: readonly string[],
  labels: ProjectLabels,
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
