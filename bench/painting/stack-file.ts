import { join } from 'node:path';
import { openStacks, readSliceOf } from '#main/compute/handlers/slices/slice-pixels';
import { sourceReference } from '#main/stacks/open-stack';
import { createTiffWriter } from '#main/stacks/tiff/tiff-writer';

/** Pictures of tissue that come with the app: what is no tissue teaches nothing, and packs otherwise. */
const crops = join(import.meta.dirname, '..', '..', 'resources', 'replay', 'vnc-crops.tif');

/** A crop with its mirror image beside it, so that it meets itself where it is repeated. */
interface Strip {
  readonly side: number;
  readonly rows: Uint8Array;
}

async function readStrips(): Promise<Strip[]> {
  const source = await sourceReference(crops);
  const { signal } = new AbortController();
  const { info } = await openStacks.get(source, signal);
  const strips: Strip[] = [];
  for (let z = 0; z < info.depth; z += 1) {
    const { values, width: side } = await readSliceOf(source, z, signal);
    const rows = new Uint8Array(2 * side * side);
    for (let y = 0; y < side; y += 1) {
      const row = Uint8Array.from(values.subarray(y * side, (y + 1) * side));
      rows.set(row, 2 * y * side);
      rows.set(row.reverse(), (2 * y + 1) * side);
    }
    strips.push({ side, rows });
  }
  return strips;
}

/** Writes an 8-bit stack of `depth` slices of size², each paved with other mirrored crops of a nerve cord. */
export async function writeStack(
  path: string,
  size: number,
  depth: number,
  compression: 'none' | 'deflate' = 'none',
): Promise<void> {
  const strips = await readStrips();
  const writer = await createTiffWriter(path, {
    width: size,
    height: size,
    type: 'uint8',
    compression,
  });
  const slice = new Uint8Array(size * size);
  for (let z = 0; z < depth; z += 1) {
    for (let y = 0; y < size; y += 1) {
      const down = y + 61 * z;
      const strip = strips[(Math.floor(down / 512) + z) % strips.length];
      if (strip === undefined) throw new Error('The bundled crops are empty.');
      const { side, rows } = strip;
      const v = down % (2 * side);
      const from = 2 * side * (v < side ? v : 2 * side - 1 - v);
      const row = rows.subarray(from, from + 2 * side);
      for (let x = -((37 * z) % (2 * side)); x < size; x += 2 * side) {
        const part = row.subarray(Math.max(0, -x), Math.min(2 * side, size - x));
        slice.set(part, y * size + Math.max(0, x));
      }
    }
    await writer.append(slice);
  }
  await writer.finish();
}
