import type { Point } from '#labels/rasterize';

/** An ellipse of the sample, in image pixels. */
export interface TourPlace {
  readonly z: number;
  readonly centre: Point;
  readonly radius: Point;
}

/** The bundled model that the tour begins with: it has never seen tissue of this kind, so there is something to mend. */
export const TOUR_MODEL = 'isbi-base8';

/**
 * Where that model takes the inside of a cell for membrane, and nobody could
 * doubt it: what floats in the cytoplasm is no membrane of a cell. Found as the
 * thickest places that `isbi-base8` calls membrane and `general`, which knows
 * this tissue, does not; then looked at. 40 steps of retraining on a few strokes
 * there take the wrong pixels among them from two thirds to none.
 */
export const tourPlaces: readonly [TourPlace, ...TourPlace[]] = [
  { z: 5, centre: { x: 817, y: 625 }, radius: { x: 26, y: 22 } },
  { z: 7, centre: { x: 836, y: 333 }, radius: { x: 18, y: 18 } },
  { z: 0, centre: { x: 526, y: 42 }, radius: { x: 27, y: 18 } },
];

/** The first place whose slice nobody has worked on (`untouched` says so); else the first of all. */
export function freshPlace(untouched: (z: number) => boolean): TourPlace {
  return tourPlaces.find(({ z }) => untouched(z)) ?? tourPlaces[0];
}

/** Share (0…1) of the pixels of a place for which `holds` says yes. */
export function shareOfPlace(
  { centre, radius }: TourPlace,
  holds: (x: number, y: number) => boolean,
): number {
  let all = 0;
  let count = 0;
  for (let y = Math.ceil(-radius.y); y <= radius.y; y += 1)
    for (let x = Math.ceil(-radius.x); x <= radius.x; x += 1) {
      if ((x / radius.x) ** 2 + (y / radius.y) ** 2 > 1) continue;
      all += 1;
      if (holds(centre.x + x, centre.y + y)) count += 1;
    }
  return all === 0 ? 0 : count / all;
}
