import type { ClassCount } from '#contract/entities';
import { classOf, UNTOUCHED } from '#contract/label-byte';
import { tilesIn } from '#contract/tiles';
import type { LabelStore } from './label-store';

/** Adds the pixels of every class of some label bytes to `counts`, which has a place for each of the 128. */
function addTile(labels: Uint8Array, counts: Float64Array): void {
  // By index: iterating a typed array takes ten times as long.
  for (let i = 0, end = labels.length; i < end; i += 1) {
    const id = classOf(labels[i] ?? UNTOUCHED);
    counts[id] = (counts[id] ?? 0) + 1;
  }
}

/**
 * Labelled pixels of every class that has any on some slices, ascending by
 * class. Tile by tile, so that nothing else waits for it longer than one takes.
 * @throws MembranaError file.unreadable
 */
export async function countClasses(
  labels: Pick<LabelStore, 'tile'>,
  { width, height }: { readonly width: number; readonly height: number },
  slices: readonly number[],
): Promise<ClassCount[]> {
  const pixels = new Float64Array(128);
  const onSlices = new Uint32Array(128);
  const tiles = tilesIn({ x: 0, y: 0, width, height }, width, height);
  for (const z of slices) {
    const before = pixels.slice();
    for (const { tx, ty } of tiles) {
      const bytes = await labels.tile(z, tx, ty);
      if (bytes) addTile(bytes, pixels);
    }
    pixels.forEach((count, id) => {
      if (count > (before[id] ?? 0)) onSlices[id] = (onSlices[id] ?? 0) + 1;
    });
  }
  return Array.from(pixels, (count, id) => ({
    class: id,
    pixels: count,
    slices: onSlices[id] ?? 0,
  })).filter((count) => count.class !== UNTOUCHED && count.pixels > 0);
}
