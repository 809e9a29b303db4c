import type { LabelPatch, PatchValues, TilePatch } from '#contract/label-patch';
import { placeIn, voxelOf, type PlaneAxis } from '#contract/planes';
import { TILE_SIZE } from '#contract/tiles';

/** Changed pixels of one tile, in whatever order they come. */
class PixelChanges {
  readonly #pixels: { readonly at: number; readonly before: number; readonly after: number }[] = [];

  constructor(
    readonly tx: number,
    readonly ty: number,
  ) {}

  add(at: number, before: number, after: number): void {
    this.#pixels.push({ at, before, after });
  }

  patch(): TilePatch {
    const pixels = this.#pixels.sort((a, b) => a.at - b.at);
    const runs: number[] = [];
    let free = -1;
    for (const { at } of pixels) {
      if (at === free) runs[runs.length - 1] = (runs[runs.length - 1] ?? 0) + 1;
      else runs.push(at, 1);
      free = at + 1;
    }
    const { tx, ty } = this;
    return {
      tx,
      ty,
      runs: Uint32Array.from(runs),
      before: valuesOf(pixels.map(({ before }) => before)),
      after: valuesOf(pixels.map(({ after }) => after)),
    };
  }
}

function valuesOf(values: readonly number[]): PatchValues {
  const [value = 0] = values;
  return values.every((each) => each === value)
    ? { kind: 'uniform', value }
    : { kind: 'pixels', values: Uint8Array.from(values) };
}

/** Tiles of several slices (or planes), by number. */
class ChangesBySlice {
  readonly #slices = new Map<number, Map<number, PixelChanges>>();

  add(z: number, x: number, y: number, before: number, after: number): void {
    const tiles = this.#slices.get(z) ?? new Map<number, PixelChanges>();
    this.#slices.set(z, tiles);
    const [tx, ty] = [Math.floor(x / TILE_SIZE), Math.floor(y / TILE_SIZE)];
    const key = ty * 0x100000 + tx;
    const tile = tiles.get(key) ?? new PixelChanges(tx, ty);
    tiles.set(key, tile);
    tile.add((y % TILE_SIZE) * TILE_SIZE + (x % TILE_SIZE), before, after);
  }

  patches(): Map<number, TilePatch[]> {
    const numbers = [...this.#slices].sort(([a], [b]) => a - b);
    return new Map(
      numbers.map(([z, tiles]) => [z, [...tiles.values()].map((tile) => tile.patch())]),
    );
  }
}

/** Every pixel of a patch: its place in the slice or plane, and what it was and became. */
function forEachPixel(
  { tx, ty, runs, before, after }: TilePatch,
  visit: (x: number, y: number, before: number, after: number) => void,
): void {
  let n = 0;
  for (let i = 0; i + 1 < runs.length; i += 2) {
    const start = runs[i] ?? 0;
    const end = start + (runs[i + 1] ?? 0);
    for (let at = start; at < end; at += 1, n += 1) {
      const x = tx * TILE_SIZE + (at % TILE_SIZE);
      const y = ty * TILE_SIZE + Math.floor(at / TILE_SIZE);
      visit(x, y, valueAt(before, n), valueAt(after, n));
    }
  }
}

function valueAt(values: PatchValues, n: number): number {
  return values.kind === 'uniform' ? values.value : (values.values[n] ?? 0);
}

/** What was changed in a plane, as changes of the slices that it cuts: by slice, ascending. */
export function slicePatches(
  axis: PlaneAxis,
  index: number,
  tiles: readonly TilePatch[],
): Map<number, TilePatch[]> {
  const changes = new ChangesBySlice();
  for (const tile of tiles)
    forEachPixel(tile, (x, y, before, after) => {
      const voxel = voxelOf(axis, index, x, y);
      changes.add(voxel.z, voxel.x, voxel.y, before, after);
    });
  return changes.patches();
}

/** What a patch of a slice changes in the planes that `wanted` lets in: by plane, ascending. */
export function planePatches(
  axis: PlaneAxis,
  { z, tiles }: Pick<LabelPatch, 'z' | 'tiles'>,
  wanted: (index: number) => boolean,
): Map<number, TilePatch[]> {
  const changes = new ChangesBySlice();
  for (const tile of tiles)
    forEachPixel(tile, (x, y, before, after) => {
      if (!wanted(axis === 'xz' ? y : x)) return;
      const place = placeIn(axis, { x, y, z });
      changes.add(place.index, place.x, place.y, before, after);
    });
  return changes.patches();
}
