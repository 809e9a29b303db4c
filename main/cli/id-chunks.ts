import { basename } from 'node:path';
import type { LayerElement } from '#contract/entities';
import { MembranaError } from '#contract/errors';
import { sliceMark } from '#contract/slice-marks';
import { TILE_PIXELS, TILE_SIZE, tileRect } from '#contract/tiles';
import { chunkDifference } from '#main/labels/chunk-difference';
import { labelRegion } from '#main/stacks/label-values';
import type { StackSource } from '#main/stacks/stack-source';
import type { PixelArray } from '#volume/pixel-array';
import { newVoxels, type ChunkEdit } from '#volume/voxel-edit';

/** The smallest element that holds every value that a file of this type may have. */
export function idElement({ type }: Pick<StackSource['info'], 'type'>): 'uint16' | 'uint32' {
  return type === 'uint8' || type === 'uint16' ? 'uint16' : 'uint32';
}

const most: Readonly<Record<LayerElement, number>> = {
  uint8: 2 ** 8 - 1,
  uint16: 2 ** 16 - 1,
  uint32: 2 ** 32 - 1,
};

/**
 * The ids of a label stack as what differs from an empty layer, a band of tiles
 * in memory at a time. Ids are taken as exact as the file has them.
 *
 * @throws MembranaError stack.page-unreadable where a slice can't be read,
 *   labels.not-ids for a value that is no whole number from 0 to 2³² − 1; AbortError
 */
export async function* idChunks(
  path: string,
  source: StackSource,
  element: 'uint16' | 'uint32',
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (done: number) => void },
): AsyncGenerator<ChunkEdit> {
  const { width, height, depth, meaning } = source.info;
  const blank = newVoxels(element, TILE_PIXELS);
  for (let z = 0; z < depth; z += 1) {
    for (let top = 0; top < height; top += TILE_SIZE) {
      const rows = Math.min(TILE_SIZE, height - top);
      const band = { x: 0, y: top, width, height: rows };
      const region = await source.readRegion(z, band, 0, signal);
      const reason = region.bad[0]?.reason;
      if (reason !== undefined)
        throw new MembranaError(
          'stack.page-unreadable',
          `Slice ${sliceMark(z)} of ${basename(path)} can't be read: ${reason}.`,
          {
            hint: 'Repair or replace the file: places that can’t be read would look like places without a cell.',
            safe: 'The project is as it was.',
            data: { file: basename(path), slice: z },
          },
        );
      const { values } = labelRegion(region, meaning);
      const ids = wholeIds(values, most[element], basename(path), z);
      for (let left = 0; left < width; left += TILE_SIZE) {
        const at = { z, ty: top / TILE_SIZE, tx: left / TILE_SIZE };
        const { width: columns } = tileRect(at, width, height);
        const tile = newVoxels(element, TILE_PIXELS);
        for (let y = 0; y < rows; y += 1)
          tile.set(ids.subarray(y * width + left, y * width + left + columns), y * TILE_SIZE);
        const difference = chunkDifference(at, blank, tile);
        if (difference) yield difference;
      }
    }
    progress(z + 1);
  }
}

/** @throws MembranaError labels.not-ids */
function wholeIds(
  values: PixelArray,
  largest: number,
  file: string,
  z: number,
): Uint16Array | Uint32Array {
  if (values instanceof Uint16Array || values instanceof Uint32Array) return values;
  const ids = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    const id = Number(value);
    if (!Number.isInteger(id) || id < 0 || id > largest)
      throw new MembranaError(
        'labels.not-ids',
        `Slice ${sliceMark(z)} of ${file} has the value ${String(value)}, which is no id.`,
        {
          hint: 'Ids are whole numbers from 0 (no cell) to 4,294,967,295: number the cells anew, and save them as 32-bit integers.',
          safe: 'The project is as it was.',
          data: { file, slice: z, value: String(value) },
        },
      );
    ids[i] = id;
  }
  return ids;
}
