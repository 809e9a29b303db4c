import type { LayerKey } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { TILE_SIZE, tileCount } from '#contract/tiles';
import type { ChunkEdit, VoxelEdit } from '#volume/voxel-edit';
import type { LayerFacts } from './label-layer';

/** Whether all runs stay within the part of the tile that the slice covers. */
function runsInside({ runs }: ChunkEdit, columns: number, rows: number): boolean {
  if (columns === TILE_SIZE && rows === TILE_SIZE) return true;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const first = runs[i] ?? 0;
    const last = first + (runs[i + 1] ?? 0) - 1;
    if (Math.floor(last / TILE_SIZE) >= rows) return false;
    if (columns === TILE_SIZE) continue;
    if (
      last % TILE_SIZE >= columns ||
      Math.floor(first / TILE_SIZE) !== Math.floor(last / TILE_SIZE)
    )
      return false;
  }
  return true;
}

/** What the project says of a layer; null when it knows none of that name. */
export type FindLayer = (key: LayerKey) => LayerFacts | null;

/**
 * Throws `labels.patch-invalid` for an edit of a layer that the project does
 * not have, of other voxels than the layer's, or one that leaves its stack; and
 * `labels.layer-removed` for one of a layer that was removed, unless `removed` lets it.
 */
export function checkEdit(
  { sequence, layers }: VoxelEdit,
  find: FindLayer,
  removed: 'refused' | 'taken',
): void {
  const invalid = (reason: string, slice: number | null = null): MembranaError =>
    new MembranaError(
      'labels.patch-invalid',
      `Stroke ${String(sequence)} was not saved: ${reason}.`,
      {
        hint: 'Reopen the project; what was saved before is kept.',
        data: { sequence, slice },
      },
    );
  if (layers.length === 0) throw invalid('it changes nothing');
  const seen = new Set<string>();
  for (const edit of layers) {
    const facts = find(edit);
    if (!facts) throw invalid('it belongs to a layer that this project does not have');
    if (facts.element !== edit.element) throw invalid('its layer holds other values');
    if (facts.state === 'removed' && removed === 'refused')
      throw new MembranaError(
        'labels.layer-removed',
        `Stroke ${String(sequence)} was not saved: the layer ${facts.name} has been removed.`,
        {
          hint: 'Undo the removal, then paint again.',
          safe: 'What was painted in that layer before is kept.',
          data: { sequence, layer: facts.name },
        },
      );
    const { width, height, depth } = facts.shape;
    for (const chunk of edit.chunks) {
      const { z, tx, ty } = chunk;
      if (z >= depth) throw invalid(`slice ${sliceMark(z)} is not in the stack`, z);
      const outside = tx >= tileCount(width) || ty >= tileCount(height);
      const columns = Math.min(TILE_SIZE, width - tx * TILE_SIZE);
      const rows = Math.min(TILE_SIZE, height - ty * TILE_SIZE);
      if (outside || !runsInside(chunk, columns, rows)) throw invalid('it leaves the slice', z);
      const key = `${edit.stack}/${edit.layer}/${String(z)}/${String(ty)}/${String(tx)}`;
      if (seen.has(key)) throw invalid('it names a tile twice', z);
      seen.add(key);
    }
  }
}
