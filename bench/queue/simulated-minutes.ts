import type { SegmentationError } from '#model/metrics/error-list';
import type { DoubtfulPlace } from '#model/queue/places';

export interface TrueError extends SegmentationError {
  readonly z: number;
}

export interface QueuePlace extends DoubtfulPlace {
  readonly z: number;
}

/** Seconds of a person's time. */
export interface Costs {
  /** Looking over one field of FIELD² in raster order, the way to it included. */
  readonly field: number;
  /** Going to a view of the queue and looking over it: as large as a field. */
  readonly view: number;
  readonly stroke: number;
}

/** Pixels of a field, and of what a look at the queue shows. */
const FIELD = 128;
/** A place and an error within so many pixels are the same spot. */
const NEAR = 10;

/** The errors that this place asks about. */
export function errorsAt(place: QueuePlace, errors: readonly TrueError[]): TrueError[] {
  return errors.filter(({ z, kind, box }) => {
    if (z !== place.z || (kind === 'split') !== (place.kind === 'faint')) return false;
    const dx = Math.max(box.x - place.x, place.x - (box.x + box.width - 1), 0);
    const dy = Math.max(box.y - place.y, place.y - (box.y + box.height - 1), 0);
    return Math.max(dx, dy) <= NEAR;
  });
}

/** True errors mended in `seconds` by going through the slices field by field; everything in a field is seen. */
export function byRaster(
  errors: readonly TrueError[],
  slices: readonly number[],
  side: number,
  costs: Costs,
  seconds: number,
): number {
  let time = 0;
  let found = 0;
  for (const z of slices)
    for (let top = 0; top < side; top += FIELD)
      for (let left = 0; left < side; left += FIELD) {
        time += costs.field;
        for (const error of errors) {
          const inside = error.x >= left && error.x < left + FIELD;
          if (error.z !== z || !inside || error.y < top || error.y >= top + FIELD) continue;
          time += costs.stroke;
          if (time > seconds) return found;
          found += 1;
        }
      }
  return found;
}

/**
 * True errors mended in `seconds` by going through the queue; a look finds what
 * is in view, as in raster order. A queue that ends early leaves the rest of
 * the time unused.
 */
export function byQueue(
  errors: readonly TrueError[],
  views: readonly { readonly place: QueuePlace }[],
  costs: Costs,
  seconds: number,
): number {
  const mended = new Set<TrueError>();
  let time = 0;
  for (const { place } of views) {
    time += costs.view;
    for (const error of errors) {
      const inView =
        Math.abs(error.x - place.x) <= FIELD / 2 && Math.abs(error.y - place.y) <= FIELD / 2;
      if (error.z !== place.z || !inView || mended.has(error)) continue;
      time += costs.stroke;
      if (time > seconds) return mended.size;
      mended.add(error);
    }
  }
  return mended.size;
}
