import type { LayerId } from '#contract/ids';
import { encodePatch } from '#contract/label-patch-codec';
import type { LabelPatch } from '#contract/label-patch';
import { TILE_PIXELS } from '#contract/tiles';
import { tilePatchOf, type ChunkEdit } from '#volume/voxel-edit';
import { chunkDifference } from '../labels/chunk-difference';
import type { LabelStore } from '../labels/label-store';

/**
 * The labels of a layer of classes as encoded patches of an empty layer `into`
 * of the same stack, one a slice, numbered from `sequence` on.
 *
 * @throws MembranaError file.unreadable
 */
export async function copyOf(
  labels: LabelStore,
  into: LayerId,
  sequence: number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  return labels.atCheckpoint(async (commit) => {
    const slices = new Map<number, ChunkEdit[]>();
    const blank = new Uint8Array(TILE_PIXELS);
    for (const key of Object.keys(commit?.tiles ?? {})) {
      const [z = 0, ty = 0, tx = 0] = key.split('/').map(Number);
      const pixels = await labels.tile(z, tx, ty);
      const difference = pixels && chunkDifference({ z, tx, ty }, blank, pixels);
      if (difference) slices.set(z, [...(slices.get(z) ?? []), difference]);
    }
    return [...slices]
      .sort(([a], [b]) => a - b)
      .map(([z, chunks], index) => {
        const { stack } = labels.key;
        const head = { stack, layer: into, element: 'uint8', z, action: 'do' } as const;
        const tiles = chunks.map(tilePatchOf);
        const patch: LabelPatch = {
          ...head,
          sequence: sequence + index,
          name: 'Duplicate labels',
          tiles,
        };
        return encodePatch(patch);
      });
  });
}
