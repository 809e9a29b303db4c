import { newVoxels, type VoxelArray } from './voxel-edit';

/** Of four ids the one that most of them are; 0 (no cell) counts last, and the first in reading order wins a tie. */
export function mostOf(a: number, b: number, c: number, d: number): number {
  if (a === b && a === c && a === d) return a;
  const four = [a, b, c, d];
  let most = 0;
  let votes = 0;
  for (const id of four) {
    const own = id === 0 ? 0 : four.filter((other) => other === id).length;
    if (own > votes) [most, votes] = [id, own];
  }
  return most;
}

/** An image of ids at half its size in each direction, rounded up. */
export function halveIds(ids: VoxelArray, width: number, height: number): VoxelArray {
  const across = Math.ceil(width / 2);
  const down = Math.ceil(height / 2);
  const element =
    ids instanceof Uint8Array ? 'uint8' : ids instanceof Uint16Array ? 'uint16' : 'uint32';
  const half = newVoxels(element, across * down);
  for (let y = 0; y < down; y += 1) {
    const upper = 2 * y * width;
    const lower = 2 * y + 1 < height ? upper + width : upper;
    for (let x = 0; x < across; x += 1) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      half[y * across + x] = mostOf(
        ids[upper + left] ?? 0,
        ids[upper + right] ?? 0,
        ids[lower + left] ?? 0,
        ids[lower + right] ?? 0,
      );
    }
  }
  return half;
}
