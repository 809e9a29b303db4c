import { INTERIOR, painted, UNTOUCHED } from '#contract/label-byte';
import { pathThrough, strokeAlong } from './path';
import { around, regionsOf, type Grid } from './regions';

/** What is true of a slice, row by row: 1 = of the class, 1 = membrane. */
export interface ClassTruthSlice extends Grid {
  readonly own: Uint8Array;
  readonly membrane: Uint8Array;
}

export interface ClassHand {
  /** Number of the class in the labels. */
  readonly label: number;
  /** At most so many strokes of the class, and as many of what it is not. */
  readonly strokes: number;
  /** Decides which of the other cells are painted. */
  readonly seed: number;
}

/** What a hand draws along without lifting, and how far to either side, in pixels. */
const LONGEST = 60;
const RADIUS = 2;
/** A hand keeps this far from an edge. */
const KEPT_OFF = 2;
const SMALLEST = 100;

/** The pixels that lie at least `by` pixels inside. */
function shrunk(inside: Uint8Array, grid: Grid, by: number): Uint8Array {
  let now = inside;
  for (let i = 0; i < by; i += 1) {
    const last = now;
    now = last.map((value, at) => {
      let all = value;
      around(at, grid, true, (other) => {
        if (last[other] !== 1) all = 0;
      });
      return all;
    });
  }
  return now;
}

/** Connected pixels of each region that is worth a stroke. */
function places(inside: Uint8Array, grid: Grid): number[][] {
  const { of, sizes } = regionsOf(inside, grid);
  const lists = sizes.map((): number[] => []);
  of.forEach((region, at) => {
    if (region > 0 && (sizes[region] ?? 0) >= SMALLEST) lists[region]?.push(at);
  });
  return lists.filter(({ length }) => length > 0);
}

/**
 * What a user paints who wants a class found: a stroke in each of its largest
 * regions, and as many in cells where it is not, spread by the seed.
 */
export function classStrokes(
  { own, membrane, ...grid }: ClassTruthSlice,
  { label, strokes, seed }: ClassHand,
): { readonly labels: Uint8Array<ArrayBuffer>; readonly strokes: number } {
  const labels = new Uint8Array(grid.width * grid.height);
  const draw = (region: readonly number[], inside: Uint8Array, value: number): void => {
    for (const at of strokeAlong(pathThrough(region, grid, LONGEST), grid, RADIUS))
      if (inside[at] === 1) labels[at] = value;
  };
  const inner = shrunk(own, grid, KEPT_OFF);
  const wanted = places(inner, grid)
    .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))
    .slice(0, strokes);
  for (const region of wanted) draw(region, inner, painted(label));
  const free = own.map((value, at) => (value === 0 && membrane[at] === 0 ? 1 : 0));
  const cells = shrunk(free, grid, KEPT_OFF);
  const order = (region: readonly number[]): number =>
    Math.imul((region[0] ?? 0) + 1 + seed, 0x9e3779b1) >>> 0;
  const others = places(cells, grid)
    .sort((a, b) => order(a) - order(b))
    .slice(0, strokes);
  for (const region of others) draw(region, cells, painted(INTERIOR));
  return {
    labels,
    strokes: labels.some((value) => value !== UNTOUCHED) ? wanted.length + others.length : 0,
  };
}
