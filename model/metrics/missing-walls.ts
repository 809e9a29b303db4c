import { clustersOf, offsetsAround } from './clusters';
import { componentsOf, type FramedMask, type Regions } from './components';
import { warp } from './warp';
import { missingMembrane } from './warping';

/** A stretch of membrane that parts regions of one mask and isn't there in the other. */
export interface MissingWall {
  /** Places in the frame. */
  readonly places: Int32Array;
  /** The regions of the warped mask that it parts, at least two. */
  readonly parts: readonly number[];
}

export interface MissingWalls {
  /** The source warped towards the target, with its components. */
  readonly regions: Regions;
  readonly walls: readonly MissingWall[];
}

/** The regions that touch a place by a side, each once, in rising order. */
function regionsAt(labels: Int32Array, p: number, stride: number): readonly number[] {
  const parts: number[] = [];
  for (const q of [p - stride, p - 1, p + stride, p + 1]) {
    const label = labels[q] ?? 0;
    if (label > 0 && !parts.includes(label)) parts.push(label);
  }
  return parts.sort((a, b) => a - b);
}

/**
 * Membrane of `source` that `target` lacks and that no warping explains, wall
 * by wall: pixels between the same two regions are one wall where they touch;
 * where several walls meet, the pixel between them is left to them. Walls moved,
 * thinned or thickened are no difference.
 */
export function missingWalls(
  source: FramedMask,
  target: FramedMask,
  confidence: Float32Array,
): MissingWalls {
  const warped = warp(source, target, confidence);
  const regions = componentsOf(warped.mask);
  const stride = source.height + 2;
  const missing = missingMembrane(warped);
  const parts = Array.from(missing, (p) => regionsAt(regions.labels, p, stride));
  const between = missing.filter((_, i) => parts[i]?.length === 2);
  const junctions = missing.filter((_, i) => (parts[i]?.length ?? 0) > 2);
  const pairs = new Map<string, number>();
  const kinds = parts
    .filter(({ length }) => length === 2)
    .map((pair) => {
      const key = pair.join();
      const kind = pairs.get(key) ?? pairs.size + 1;
      pairs.set(key, kind);
      return kind;
    });
  const walls = clustersOf(between, stride, kinds);
  const taken = new Set(between);
  const around = offsetsAround(stride);
  const alone = junctions.filter((p) => !around.some((offset) => taken.has(p + offset)));
  return {
    regions,
    walls: [...walls, ...Array.from(alone, (p) => Int32Array.of(p))].map((places) => ({
      places,
      parts: regionsAt(regions.labels, places[0] ?? 0, stride),
    })),
  };
}
