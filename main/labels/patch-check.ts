import { MembranaError } from '#contract/errors';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import { TILE_SIZE, tileCount } from '#contract/tiles';
import { sliceMark } from '#contract/slice-marks';
import type { ImageShape } from './label-image';

/** Whether all runs stay within the part of the tile that the slice covers. */
function runsInside(tile: TilePatch, columns: number, rows: number): boolean {
  if (columns === TILE_SIZE && rows === TILE_SIZE) return true;
  for (let i = 0; i + 1 < tile.runs.length; i += 2) {
    const first = tile.runs[i] ?? 0;
    const last = first + (tile.runs[i + 1] ?? 0) - 1;
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

/** Throws `labels.patch-invalid` for a patch of another stack or layer, or one that leaves the stack. */
export function checkPatch(
  patch: LabelPatch,
  place: { readonly stack: string; readonly layer: string },
  shape: ImageShape,
): void {
  const invalid = (reason: string): MembranaError =>
    new MembranaError(
      'labels.patch-invalid',
      `Stroke ${String(patch.sequence)} was not saved: ${reason}.`,
      {
        hint: 'Reopen the project; what was saved before is kept.',
        data: { sequence: patch.sequence, slice: patch.z },
      },
    );
  if (patch.stack !== place.stack) throw invalid('it belongs to another stack');
  if (patch.layer !== place.layer) throw invalid('it belongs to another layer');
  if (patch.z >= shape.depth) throw invalid(`slice ${sliceMark(patch.z)} is not in the stack`);
  const seen = new Set<string>();
  for (const tile of patch.tiles) {
    const outside = tile.tx >= tileCount(shape.width) || tile.ty >= tileCount(shape.height);
    const columns = Math.min(TILE_SIZE, shape.width - tile.tx * TILE_SIZE);
    const rows = Math.min(TILE_SIZE, shape.height - tile.ty * TILE_SIZE);
    if (outside || !runsInside(tile, columns, rows)) throw invalid('it leaves the slice');
    const key = `${String(tile.tx)} ${String(tile.ty)}`;
    if (seen.has(key)) throw invalid('it names a tile twice');
    seen.add(key);
  }
}
