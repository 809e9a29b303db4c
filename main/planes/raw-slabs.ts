import { planeAxes, type PlaneAxis } from '#contract/planes';
import { readGrey } from '#main/stacks/grey-region';
import type { StackSource } from '#main/stacks/stack-source';
import { bytesPerSample } from '#volume/pixel-array';
import type { SlabSource } from './slab-source';

/** Planes read at once where a part of a slice costs what it holds (`bench/planes.ts`). */
const BAND: Readonly<Record<PlaneAxis, number>> = { xz: 16, yz: 32 };
/** … and where whole blocks have to be decoded for any part of them. */
const MOST_OF_BLOCK = 128;
/** A band of planes takes at most so much of the cache. */
const BAND_BYTES = 96 * 2 ** 20;

/** Raw values of a stack, as grey as everywhere. */
export function rawSlabs(source: StackSource): SlabSource {
  const { info, readUnit } = source;
  const { width, height, depth, type } = info;
  const bandOf = (axis: PlaneAxis): number => {
    const [unit, line] = axis === 'xz' ? [readUnit.height, width] : [readUnit.width, height];
    const bytes = line * depth * bytesPerSample(type);
    const wanted = Math.max(BAND[axis], Math.min(unit, MOST_OF_BLOCK));
    return Math.max(1, Math.min(wanted, Math.floor(BAND_BYTES / bytes)));
  };
  const [xz, yz] = planeAxes.map(bandOf);
  return {
    extent: { width, height, depth },
    type,
    band: { xz: xz ?? 1, yz: yz ?? 1 },
    edition: () => 0,
    read: (z, rect, signal) => readGrey(source, z, rect, 0, signal),
  };
}
