import { PlaceList, spreadFrom } from './connected';
import { type Emptied, type MarkedSlice, NOTHING, TISSUE } from './marks';

/** A region along the edges that spans this share of one of them is padding or a bar, however thin. */
const SPANNED = 0.5;
/** One that only takes a corner or reaches across must be this share of the slice: a vessel at the edge is not padding. Constant regions of real tissue reach 0.01 %. */
const LARGE = 0.01;
/** Fewer pixels are never padding. */
const FEWEST = 64;
/** While a region is followed; never left behind. */
const VISITED = 5;

/** One constant region at the edges of a slice. */
export interface ConstantRegion {
  readonly value: number;
  /** Places, row-major. */
  readonly places: Int32Array;
}

/**
 * Marks padding and bars: connected regions at the edges of the slice whose
 * pixels all lie within `tolerance` of one value, as do the eight around each
 * (so that single tissue pixels of that value don't join). Gives back what was marked.
 */
export function markBorders(slice: MarkedSlice, tolerance: number): ConstantRegion[] {
  const { width, height, values, marks } = slice;
  const found: ConstantRegion[] = [];
  const visited: Int32Array[] = [];
  for (const seed of frame(width, height)) {
    if (marks[seed] !== TISSUE || !isFlat(slice, seed, values[seed] ?? 0, tolerance)) continue;
    const value = values[seed] ?? 0;
    const places = follow(slice, seed, value, tolerance);
    if (isPadding(slice, places)) {
      for (const at of places) marks[at] = NOTHING;
      found.push({ value, places: withRim(slice, places, value, tolerance) });
    } else visited.push(places);
  }
  for (const places of visited) for (const at of places) marks[at] = TISSUE;
  return found;
}

export function emptiedBy(regions: readonly ConstantRegion[]): Emptied[] {
  return regions.map(({ value, places }) => ({ kind: 'border', value, pixels: places.length }));
}

function* frame(width: number, height: number): Generator<number> {
  for (let x = 0; x < width; x += 1) yield x;
  for (let y = 1; y < height - 1; y += 1) {
    yield y * width;
    if (width > 1) yield y * width + width - 1;
  }
  if (height > 1) for (let x = 0; x < width; x += 1) yield (height - 1) * width + x;
}

/** Whether the pixel and those around it, as far as they are in the slice and known, are all that value. */
function isFlat(
  { width, height, values, marks }: MarkedSlice,
  at: number,
  value: number,
  tolerance: number,
): boolean {
  const x = at % width;
  const y = (at - x) / width;
  for (let dy = -1; dy <= 1; dy += 1) {
    if (y + dy < 0 || y + dy >= height) continue;
    for (let dx = -1; dx <= 1; dx += 1) {
      if (x + dx < 0 || x + dx >= width) continue;
      const there = at + dy * width + dx;
      if (marks[there] === NOTHING) continue;
      if (!(Math.abs((values[there] ?? 0) - value) <= tolerance)) return false;
    }
  }
  return true;
}

function follow(slice: MarkedSlice, seed: number, value: number, tolerance: number): Int32Array {
  const { width, marks } = slice;
  const places = new PlaceList();
  places.push(seed);
  marks[seed] = VISITED;
  spreadFrom(places, width, marks.length, (at) => {
    if (marks[at] !== TISSUE || !isFlat(slice, at, value, tolerance)) return false;
    marks[at] = VISITED;
    return true;
  });
  return places.view();
}

function isPadding({ width, height }: MarkedSlice, places: Int32Array): boolean {
  if (places.length < Math.min(FEWEST, width * height)) return false;
  let left = 0;
  let right = 0;
  let top = 0;
  let bottom = 0;
  let corners = 0;
  for (const at of places) {
    const x = at % width;
    const y = (at - x) / width;
    const across = Number(x === 0) + Number(x === width - 1);
    const down = Number(y === 0) + Number(y === height - 1);
    if (x === 0) left += 1;
    if (x === width - 1) right += 1;
    if (y === 0) top += 1;
    if (y === height - 1) bottom += 1;
    if (across > 0 && down > 0) corners += 1;
  }
  const spans = Math.max(left / height, right / height, top / width, bottom / width) >= SPANNED;
  if (spans) return true;
  const across = (left > 0 && right > 0) || (top > 0 && bottom > 0);
  return (corners > 0 || across) && places.length >= LARGE * width * height;
}

/** The region with its rim, which `isFlat` kept out: pixels of the value right beside it. */
function withRim(
  { width, height, values, marks }: MarkedSlice,
  places: Int32Array,
  value: number,
  tolerance: number,
): Int32Array {
  const all = new PlaceList();
  for (const at of places) {
    all.push(at);
    const x = at % width;
    const y = (at - x) / width;
    for (let dy = -1; dy <= 1; dy += 1) {
      if (y + dy < 0 || y + dy >= height) continue;
      for (let dx = -1; dx <= 1; dx += 1) {
        if (x + dx < 0 || x + dx >= width) continue;
        const there = at + dy * width + dx;
        if (marks[there] !== TISSUE) continue;
        if (!(Math.abs((values[there] ?? 0) - value) <= tolerance)) continue;
        marks[there] = NOTHING;
        all.push(there);
      }
    }
  }
  return all.view();
}
