import { newVoxels, type ChunkEdit, type VoxelArray, type VoxelValues } from '#volume/voxel-edit';

function elementOf(voxels: VoxelArray): 'uint8' | 'uint16' | 'uint32' {
  if (voxels instanceof Uint8Array) return 'uint8';
  return voxels instanceof Uint16Array ? 'uint16' : 'uint32';
}

function valuesOf(tile: VoxelArray, runs: readonly number[], voxels: number): VoxelValues {
  const values = newVoxels(elementOf(tile), voxels);
  let at = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const part = tile.subarray(start, start + (runs[i + 1] ?? 0));
    values.set(part, at);
    at += part.length;
  }
  const first = values[0] ?? 0;
  return values.every((value) => value === first)
    ? { kind: 'uniform', value: first }
    : { kind: 'voxels', values };
}

/** What turns a tile's voxels into others, as part of an edit; null when they are the same. */
export function chunkDifference(
  { z, tx, ty }: { readonly z: number; readonly tx: number; readonly ty: number },
  before: VoxelArray,
  after: VoxelArray,
): ChunkEdit | null {
  const runs: number[] = [];
  let voxels = 0;
  for (let i = 0; i < before.length; i += 1) {
    if (before[i] === after[i]) continue;
    const start = i;
    while (i < before.length && before[i] !== after[i]) i += 1;
    runs.push(start, i - start);
    voxels += i - start;
  }
  if (voxels === 0) return null;
  return {
    ...{ z, ty, tx, runs: Uint32Array.from(runs) },
    before: valuesOf(before, runs, voxels),
    after: valuesOf(after, runs, voxels),
  };
}
