import { reviewOf } from '#contract/label-byte';
import { runPixelCount } from '#contract/label-patch';
import type { ChunkEdit, VoxelEdit, VoxelValues } from '#volume/voxel-edit';

const isPainted = (label: number): boolean => reviewOf(label) === 1;

const at = (values: VoxelValues, i: number): number =>
  values.kind === 'uniform' ? values.value : (values.values[i] ?? 0);

function changedByHand(
  { runs, before, after }: ChunkEdit,
  counts: (value: number) => boolean,
): number {
  const count = runPixelCount(runs);
  // A stroke of one class, whatever it covers, is the common one.
  if (after.kind === 'uniform' && counts(after.value)) return count;
  let sum = 0;
  for (let i = 0; i < count; i += 1) if (counts(at(after, i)) || counts(at(before, i))) sum += 1;
  return sum;
}

/** Voxels of label bytes that an edit painted, or took from what was painted; confirming counts for none, and ids come from files. */
export function handPixels({ layers }: Pick<VoxelEdit, 'layers'>): number {
  return layers.reduce(
    (sum, { element, chunks }) =>
      sum +
      (element === 'uint8'
        ? chunks.reduce((all, chunk) => all + changedByHand(chunk, isPainted), 0)
        : 0),
    0,
  );
}
