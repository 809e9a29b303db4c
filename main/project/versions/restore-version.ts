import { TILE_PIXELS } from '#contract/tiles';
import type { LabelStore } from '../../labels/label-store';
import type { LabelPatch, TilePatch } from '#contract/label-patch';
import { tilePatchOf, type ChunkEdit } from '#volume/voxel-edit';
import { chunkDifference } from '../../labels/chunk-difference';
import type { VersionRecord } from './version-record';
import type { VersionStore } from './version-store';

/** What makes the labels those of a version again. */
export interface Restoration {
  readonly version: VersionRecord;
  /** One a slice that differs, ascending, numbered from the step that comes next. */
  readonly patches: readonly LabelPatch[];
}

/** Characters of a step's name: a patch's header takes no more than 120. */
const LONGEST_NAME = 100;

/**
 * The differences between the labels as they are and those of a version, as
 * patches: everything painted since stays in the history and comes back by undo.
 *
 * @throws MembranaError version.not-found, project.corrupt
 */
export async function restorationOf(
  versions: VersionStore,
  labels: LabelStore,
  number: number,
  signal?: AbortSignal,
): Promise<Restoration> {
  const version = await versions.record(number);
  const name = `Restore ${version.name}`.slice(0, LONGEST_NAME);
  return labels.atCheckpoint(async (commit) => {
    const now = commit?.tiles ?? {};
    const slices = new Map<number, ChunkEdit[]>();
    for (const key of new Set([...Object.keys(now), ...Object.keys(version.tiles)])) {
      signal?.throwIfAborted();
      const kept = version.tiles[key];
      const current = now[key];
      // Equal checksums of both chunks: the same pixels.
      if (kept && kept.classes === current?.classes && kept.review === current.review) continue;
      const [z = 0, ty = 0, tx = 0] = key.split('/').map(Number);
      const blank = new Uint8Array(TILE_PIXELS);
      const before = (await labels.tile(z, tx, ty)) ?? blank;
      const after = (await versions.tile(version, key)) ?? blank;
      const difference = chunkDifference({ z, tx, ty }, before, after);
      if (difference) slices.set(z, [...(slices.get(z) ?? []), difference]);
    }
    const next = labels.lastSequence + 1;
    const patches = [...slices]
      .sort(([a], [b]) => a - b)
      .map(([z, chunks], index): LabelPatch => {
        const sequence = next + index;
        const { stack, layer } = version;
        const tiles: TilePatch[] = chunks.map(tilePatchOf);
        return { stack, layer, element: 'uint8', z, sequence, action: 'do', name, tiles };
      });
    return { version, patches };
  });
}
