import { basename } from 'node:path';
import type { ImportChoice, LabelClass } from '#contract/entities';
import { classOf, confirmed, painted, UNTOUCHED } from '#contract/label-byte';
import type { LabelPatch } from '#contract/label-patch';
import { TILE_PIXELS, TILE_SIZE, tileCount } from '#contract/tiles';
import { tilePatchOf, type ChunkEdit } from '#volume/voxel-edit';
import { chunkDifference } from '../labels/chunk-difference';
import type { LabelStore } from '../labels/label-store';
import { labelValueText } from '../stacks/label-values';
import { openStack } from '../stacks/open-stack';
import { readLabels } from './count-values';
import { assertFits, type ImportTarget } from './label-file';
import { classesOf } from './map-values';

/** Where labels go: the layer that is shown. */
export interface ImportPlace extends ImportTarget {
  readonly labels: LabelStore;
  /** Pixels of locked classes are kept. */
  readonly classes: readonly LabelClass[];
}

/** What undo says. */
const STEP = 'Import labels';

/** Label bytes of a tile after the import, of those before. */
function imported(
  before: Uint8Array,
  classes: Uint8Array,
  place: { readonly tx: number; readonly ty: number; readonly width: number },
  { as, existing }: Pick<ImportChoice, 'as' | 'existing'>,
  locked: ReadonlySet<number>,
): Uint8Array<ArrayBuffer> {
  const after = new Uint8Array(before);
  const { tx, ty, width } = place;
  const height = classes.length / width;
  const columns = Math.min(TILE_SIZE, width - tx * TILE_SIZE);
  const rows = Math.min(TILE_SIZE, height - ty * TILE_SIZE);
  for (let row = 0; row < rows; row += 1) {
    const from = (ty * TILE_SIZE + row) * width + tx * TILE_SIZE;
    for (let column = 0; column < columns; column += 1) {
      const id = classes[from + column] ?? UNTOUCHED;
      const at = row * TILE_SIZE + column;
      const own = classOf(before[at] ?? 0);
      if (id === UNTOUCHED || (own !== UNTOUCHED && (existing === 'keep' || locked.has(own))))
        continue;
      after[at] = as === 'painted' ? painted(id) : confirmed(id);
    }
  }
  return after;
}

/**
 * The labels of another program's file as patches of the layer that is shown,
 * one a slice that changes, ascending, numbered from the step that comes next
 * and in one group, so that undo takes all of them back.
 *
 * @throws MembranaError stack.shape-mismatch, labels.unmapped, stack.page-unreadable, file.*, tiff.*, stack.*; AbortError
 */
export async function* importedPatches(
  path: string,
  place: ImportPlace,
  choice: ImportChoice,
  signal: AbortSignal,
): AsyncGenerator<LabelPatch, void, undefined> {
  const { labels: store, classes } = place;
  const locked = new Set(classes.filter((one) => one.locked).map(({ id }) => id));
  const first = store.lastSequence + 1;
  let sequence = first;
  const source = await openStack(path, { signal });
  try {
    const { info } = source;
    const { width, height } = info;
    assertFits(basename(path), info, place, choice.first);
    const text = (value: number): string => labelValueText(value, info);
    for (let slice = 0; slice < info.depth; slice += 1) {
      signal.throwIfAborted();
      const values = await readLabels(source, slice, { y: 0, height }, signal);
      const found = classesOf(values, width, choice.mapping, text);
      const z = choice.first + slice;
      const chunks: ChunkEdit[] = [];
      for (let ty = 0; ty < tileCount(height); ty += 1)
        for (let tx = 0; tx < tileCount(width); tx += 1) {
          const before = (await store.tile(z, tx, ty)) ?? new Uint8Array(TILE_PIXELS);
          const where = { tx, ty, width };
          const after = imported(before, found, where, choice, locked);
          const difference = chunkDifference({ z, tx, ty }, before, after);
          if (difference) chunks.push(difference);
        }
      if (chunks.length === 0) continue;
      const { stack, layer } = store.key;
      yield {
        ...{ stack, layer, element: 'uint8', z, sequence, action: 'do', name: STEP },
        ...{ group: first, tiles: chunks.map(tilePatchOf) },
      };
      sequence += 1;
    }
  } finally {
    await source.close();
  }
}
