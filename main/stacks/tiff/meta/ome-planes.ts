import type { StackWarning } from '#contract/entities';
import { MOST_PLANES, type OmeDescription } from './ome';
import type { PlaneAxis } from './stack-axes';

/** Planes of an OME image, by the directories that hold them. */
export interface OmePlanes {
  /** Planes that the sizes promise. */
  readonly promised: number;
  /** Directory of each plane, null for one that none is named for; null as a whole where directories are simply in order. */
  readonly directories: readonly (number | null)[] | null;
  readonly warnings: readonly StackWarning[];
}

/** Axes of the planes: samples of a pixel, which OME counts as channels, are none. */
export function omeAxes(ome: OmeDescription, samples: number): PlaneAxis[] {
  return ome.axes.map(({ axis, size }) =>
    axis === 'C' && size % samples === 0 ? { axis, size: size / samples } : { axis, size },
  );
}

/**
 * Follows the map from planes to directories.
 * @param samples samples of one pixel of the pages
 */
export function omePlanes(ome: OmeDescription, samples: number): OmePlanes {
  const axes = omeAxes(ome, samples);
  const promised = axes.reduce((planes, { size }) => planes * size, 1);
  const warnings: StackWarning[] = [];
  const mapped = ome.map.some(({ directory, count }) => directory !== null || count !== null);
  if (!mapped || promised > MOST_PLANES) return { promised, directories: null, warnings };
  const list = new Array<number | null>(promised).fill(null);
  const only = ome.map.length === 1;
  let steps = 0;
  let repeated = 0;
  for (const { first, directory, count } of ome.map) {
    let plane = 0;
    let stride = 1;
    for (const { axis, size } of [...axes].reverse()) {
      const at = axis === 'C' ? Math.floor(first.C / samples) : first[axis];
      plane += at * stride;
      stride *= size;
    }
    // Without a count, an entry that names a directory stands for one plane.
    const covered = Math.min(count ?? (only ? promised : 1), promised - plane);
    for (let step = 0; step < covered && steps < 2 * MOST_PLANES; step += 1, steps += 1) {
      if (list[plane + step] !== null) repeated += 1;
      list[plane + step] = (directory ?? 0) + step;
    }
  }
  if (repeated > 0)
    warnings.push({
      code: 'ome-contradicts',
      message: `The OME-XML names a directory for ${repeated} planes more than once; the last one counts.`,
    });
  // With other images in the file, only the map says which pages are this one's.
  const inOrder = ome.others.length === 0 && list.every((directory, plane) => directory === plane);
  return { promised, directories: inOrder ? null : list, warnings };
}
