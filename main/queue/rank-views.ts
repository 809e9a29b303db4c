/** What a place needs for its rank; the rest of it is handed on. */
export interface Rankable {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  /** That it is wrong, 0 to 1. */
  readonly chance: number;
}

/** A look at one place and at what is in view around it. */
export interface RankedView<Place extends Rankable> {
  /** What is in the middle. */
  readonly place: Place;
  /** What else is in view, the likeliest first. */
  readonly others: readonly Place[];
  /** Errors to be expected in view: the sum of the chances. */
  readonly expected: number;
}

/** Half of what one look takes in, in pixels of the slice. */
export const REACH = 64;

/** A look that would find an error less often than once in four is not asked for. */
const LEAST_EXPECTED = 0.25;

/**
 * Looks in the order in which they pay: each is about a place and all others
 * within 64 pixels of it, none is asked about twice, and those with the most
 * errors to be expected come first. Greedy: of the places of a slice that
 * nobody has seen yet, the one with the most around it is the next.
 */
export function rankViews<Place extends Rankable>(
  places: readonly Place[],
): readonly RankedView<Place>[] {
  const slices = new Map<number, Place[]>();
  for (const place of places) {
    const slice = slices.get(place.z);
    if (slice) slice.push(place);
    else slices.set(place.z, [place]);
  }
  return [...slices.values()]
    .flatMap((slice) => viewsOf(slice))
    .sort((a, b) => b.expected - a.expected || inReadingOrder(a.place, b.place));
}

function viewsOf<Place extends Rankable>(slice: readonly Place[]): RankedView<Place>[] {
  const waiting = new Set(slice.toSorted((a, b) => b.chance - a.chance || inReadingOrder(a, b)));
  const around = (middle: Place): Place[] =>
    [...waiting].filter(
      ({ x, y }) => Math.abs(x - middle.x) <= REACH && Math.abs(y - middle.y) <= REACH,
    );
  const sums = new Map([...waiting].map((place) => [place, sum(around(place))]));
  const views: RankedView<Place>[] = [];
  for (;;) {
    let best: Place | undefined;
    for (const place of waiting)
      if (best === undefined || (sums.get(place) ?? 0) > (sums.get(best) ?? 0)) best = place;
    if (best === undefined) return views;
    const seen = around(best);
    const expected = sum(seen);
    if (expected < LEAST_EXPECTED) return views;
    views.push({ place: best, others: seen.filter((place) => place !== best), expected });
    for (const place of seen) waiting.delete(place);
    for (const gone of seen)
      for (const place of around(gone)) sums.set(place, (sums.get(place) ?? 0) - gone.chance);
  }
}

const sum = (places: readonly Rankable[]): number =>
  places.reduce((total, { chance }) => total + chance, 0);

/** Slice by slice, row by row. */
const inReadingOrder = (a: Rankable, b: Rankable): number => a.z - b.z || a.y - b.y || a.x - b.x;
