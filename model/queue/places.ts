import { basinsOf, CELL } from './basins';
import { wallsOf, type Wall } from './walls';
import { chanceOfFalseWall, chanceOfMissingWall } from './chances';

/**
 * - end: most of a wall is there, a membrane ends before the next one;
 * - open: two cells touch, and hardly anything of a wall is there;
 * - faint: a wall is there that is hardly one.
 */
export type PlaceKind = 'end' | 'open' | 'faint';

/** A place of a slice that is probably wrong. Pixels of the slice. */
export interface DoubtfulPlace {
  readonly kind: PlaceKind;
  /** A pixel of the stretch in question, near its middle. */
  readonly x: number;
  readonly y: number;
  /** The smallest box around the stretch. */
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** That it is wrong, 0 to 1, as labelled slices had it. */
  readonly chance: number;
}

export interface QueueSlice {
  /** One byte a pixel, row by row, 255 = certainly membrane. */
  readonly probability: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** 1 where somebody painted or confirmed: no question there. Null = nowhere. */
  readonly settled: Uint8Array | null;
}

/** A place less likely than that adds nothing to a look. A third of all walls and crests of VNC is more doubtful. */
const LEAST_CHANCE = 0.03;

/** Side of the blocks that a large slice is looked through in: memory stays that of one. */
const BLOCK = 2048;
/** Pixels around a block that are looked at with it, more than a cell is across. */
const MARGIN = 128;

/**
 * Where a map and its mask (membrane from `threshold` on, in bytes) are
 * probably wrong about what is a cell: two parts with 150 pixels of interior
 * or more that run into each other over a crest of the map, or that only a
 * weak wall parts. The likeliest first. Needs no labels. Some 20 bytes a pixel
 * of a block are taken meanwhile.
 */
export function doubtfulPlaces(
  slice: QueueSlice,
  threshold: number,
  block = BLOCK,
): readonly DoubtfulPlace[] {
  const places: DoubtfulPlace[] = [];
  for (let top = 0; top < slice.height; top += block)
    for (let left = 0; left < slice.width; left += block) {
      const x = Math.max(0, left - MARGIN);
      const y = Math.max(0, top - MARGIN);
      const part = cut(slice, x, y, left + block + MARGIN, top + block + MARGIN);
      for (const place of placesIn(part, threshold)) {
        const moved = {
          ...place,
          x: place.x + x,
          y: place.y + y,
          box: { ...place.box, x: place.box.x + x, y: place.box.y + y },
        };
        const own = moved.x >= left && moved.x < left + block;
        if (own && moved.y >= top && moved.y < top + block) places.push(moved);
      }
    }
  return places.sort((a, b) => b.chance - a.chance || a.y - b.y || a.x - b.x);
}

/** A part of a slice; what lies beyond the slice is left away. */
function cut(
  { probability, settled, ...whole }: QueueSlice,
  left: number,
  top: number,
  right: number,
  bottom: number,
): QueueSlice {
  const width = Math.min(right, whole.width) - left;
  const height = Math.min(bottom, whole.height) - top;
  const rows = (from: Uint8Array): Uint8Array => {
    const out = new Uint8Array(width * height);
    for (let y = 0; y < height; y++) {
      const start = (top + y) * whole.width + left;
      out.set(from.subarray(start, start + width), y * width);
    }
    return out;
  };
  return { probability: rows(probability), settled: settled && rows(settled), width, height };
}

function placesIn(slice: QueueSlice, threshold: number): readonly DoubtfulPlace[] {
  const { probability, width, height, settled } = slice;
  const { labels, sizes } = basinsOf(probability, width, height);
  const insides = sizes.map(() => 0);
  for (let p = 0; p < labels.length; p++) {
    const basin = labels[p] ?? 0;
    if ((probability[p] ?? 0) < threshold) insides[basin] = (insides[basin] ?? 0) + 1;
  }
  const walls = wallsOf(labels, probability, width).map((wall): JudgedWall => ({
    ...wall,
    gap: wall.places.filter((p) => (probability[p] ?? 0) < threshold),
    smaller: Math.min(...wall.basins.map((basin) => insides[basin] ?? 0)),
  }));
  const maskOf = joined(walls, sizes.length);
  return walls.flatMap((wall) => {
    if (wall.smaller < CELL) return [];
    const [one, two] = wall.basins;
    // Around its end both sides are one cell of the mask already: it parts nothing.
    if (wall.gap.length === 0 && maskOf[one] === maskOf[two]) return [];
    const found = placeOf(wall, slice, threshold);
    if (found === null || found.chance < LEAST_CHANCE) return [];
    return settled?.[found.y * width + found.x] === 1 ? [] : [found];
  });
}

interface JudgedWall extends Wall {
  /** Places below the threshold: where the mask has no wall. */
  readonly gap: readonly number[];
  /** Pixels of interior of the basin that has fewer. */
  readonly smaller: number;
}

/** For each basin a number that it shares with those it is one with in the mask. */
function joined(walls: readonly JudgedWall[], basins: number): readonly number[] {
  const parent = Array.from({ length: basins }, (_, basin) => basin);
  const rootOf = (basin: number): number => {
    let root = basin;
    while ((parent[root] ?? root) !== root) root = parent[root] ?? root;
    parent[basin] = root;
    return root;
  };
  for (const { basins: pair, gap } of walls)
    if (gap.length > 0) parent[rootOf(pair[0])] = rootOf(pair[1]);
  return parent.map((_, basin) => rootOf(basin));
}

/** Null: half of it is settled by now. */
function placeOf(
  { places, gap, smaller }: JudgedWall,
  { probability, width, settled }: QueueSlice,
  threshold: number,
): DoubtfulPlace | null {
  const stretch = gap.length > 0 ? gap : places;
  const answered = settled === null ? 0 : stretch.filter((p) => settled[p] === 1).length;
  if (2 * answered >= stretch.length) return null;
  const values = places.map((p) => probability[p] ?? 0);
  if (gap.length === 0) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      kind: 'faint',
      chance: chanceOfFalseWall(smaller, mean),
      ...middleOf(stretch, width),
    };
  }
  const lowest = values.reduce((least, value) => Math.min(least, value), 255);
  return {
    kind: 2 * gap.length <= places.length ? 'end' : 'open',
    chance: chanceOfMissingWall(smaller, lowest / threshold),
    ...middleOf(stretch, width),
  };
}

/** The pixel nearest to the middle of a stretch, and the box around it. */
function middleOf(
  stretch: readonly number[],
  width: number,
): Pick<DoubtfulPlace, 'x' | 'y' | 'box'> {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [sumX, sumY] = [0, 0];
  for (const p of stretch) {
    const [x, y] = [p % width, Math.floor(p / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    sumX += x;
    sumY += y;
  }
  const far = (p: number): number =>
    ((p % width) - sumX / stretch.length) ** 2 +
    (Math.floor(p / width) - sumY / stretch.length) ** 2;
  const nearest = stretch.reduce((best, p) => (far(p) < far(best) ? p : best), stretch[0] ?? 0);
  return {
    x: nearest % width,
    y: Math.floor(nearest / width),
    box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
  };
}
