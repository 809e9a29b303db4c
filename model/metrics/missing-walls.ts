import { clustersOf, neighboursOf } from './clusters';
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
  const around = [p - stride, p - 1, p + stride, p + 1].map((q) => labels[q] ?? 0);
  return [...new Set(around.filter((label) => label > 0))].sort((a, b) => a - b);
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
  const pairs = new Map<string, number[]>();
  const junctions: number[] = [];
  for (const p of missingMembrane(warped)) {
    const parts = regionsAt(regions.labels, p, stride);
    if (parts.length > 2) junctions.push(p);
    if (parts.length !== 2) continue;
    const places = pairs.get(parts.join()) ?? [];
    places.push(p);
    pairs.set(parts.join(), places);
  }
  const walls = [...pairs].flatMap(([key, places]) =>
    clustersOf(Int32Array.from(places), stride).map((cluster) => ({
      places: cluster,
      parts: key.split(',').map(Number),
    })),
  );
  const taken = new Set(walls.flatMap(({ places }) => [...places]));
  const alone = junctions.filter((p) => !neighboursOf(p, stride).some((q) => taken.has(q)));
  return {
    regions,
    walls: [
      ...walls,
      ...alone.map((p) => ({
        places: Int32Array.of(p),
        parts: regionsAt(regions.labels, p, stride),
      })),
    ],
  };
}
