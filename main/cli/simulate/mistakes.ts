import { around, grown, mainOf, regionsOf, type Grid } from './regions';

/** A mask and what it should be: 1 = membrane, row by row. */
export interface JudgedSlice extends Grid {
  readonly mask: Uint8Array;
  readonly truth: Uint8Array;
}

/**
 * What a person would correct:
 * - gap: the middle of a true membrane that the mask lacks, where two cells run together;
 * - wall: a membrane in the mask that parts one cell;
 * - blob: membrane in the mask that lies in a cell.
 */
export interface Mistake {
  readonly kind: 'gap' | 'wall' | 'blob';
  /** Connected pixels. */
  readonly places: readonly number[];
  /** Pixels of the cell, or of its smaller part, or of the blob: the larger the sooner it is corrected. */
  readonly size: number;
}

/** Cells and parts of fewer pixels are not looked at. */
const SMALLEST_CELL = 150;
const SMALLEST_BLOB = 60;
/** Membrane this near to a true one is only drawn too wide. */
const NEAR = 2;

/** The topological mistakes of a mask, the largest first. */
export function mistakesOf(slice: JudgedSlice): Mistake[] {
  return [...gaps(slice), ...walls(slice), ...blobs(slice)].sort(
    (a, b) => b.size - a.size || (a.places[0] ?? 0) - (b.places[0] ?? 0),
  );
}

const cellsOf = (mask: Uint8Array, grid: Grid) =>
  regionsOf(
    mask.map((value) => 1 - value),
    grid,
  );

/** Pixels where one grown region meets a later one, with both of them; each once. */
function meetings(
  all: Int32Array,
  grid: Grid,
  visit: (at: number, one: number, other: number) => void,
): void {
  all.forEach((region, at) => {
    let met = 0;
    around(at, grid, false, (other) => {
      const there = all[other] ?? 0;
      if (there > region && met === 0) met = there;
    });
    if (met > 0) visit(at, region, met);
  });
}

/** Connected clusters of marked pixels between each pair of regions. */
function clusters(byPair: ReadonlyMap<string, number[]>, grid: Grid): number[][] {
  return [...byPair.values()].flatMap((places) => {
    const inside = new Set(places);
    const found: number[][] = [];
    for (const start of places) {
      if (!inside.delete(start)) continue;
      const cluster = [start];
      for (const at of cluster)
        around(at, grid, true, (other) => {
          if (inside.delete(other)) cluster.push(other);
        });
      found.push(cluster);
    }
    return found;
  });
}

function collect(byPair: Map<string, number[]>, key: string, at: number): void {
  const places = byPair.get(key);
  if (places === undefined) byPair.set(key, [at]);
  else places.push(at);
}

function gaps({ mask, truth, ...grid }: JudgedSlice): Mistake[] {
  const cells = cellsOf(truth, grid);
  const main = mainOf(cells, cellsOf(mask, grid));
  const all = grown(cells, grid);
  const size = (cell: number): number => cells.sizes[cell] ?? 0;
  const byPair = new Map<string, number[]>();
  meetings(all, grid, (at, one, other) => {
    if (size(one) < SMALLEST_CELL || size(other) < SMALLEST_CELL) return;
    if (main[one] === 0 || main[one] !== main[other]) return;
    let covered = mask[at] === 1;
    around(at, grid, true, (beside) => {
      if (mask[beside] === 1) covered = true;
    });
    if (!covered) collect(byPair, `${String(one)}-${String(other)}`, at);
  });
  return clusters(byPair, grid).map((places): Mistake => {
    const at = places[0] ?? 0;
    const here = all[at] ?? 0;
    let other = here;
    around(at, grid, false, (beside) => {
      if (other === here) other = all[beside] ?? here;
    });
    return { kind: 'gap', places, size: Math.min(size(here), size(other)) };
  });
}

function walls({ mask, truth, ...grid }: JudgedSlice): Mistake[] {
  const parts = cellsOf(mask, grid);
  const main = mainOf(parts, cellsOf(truth, grid));
  const all = grown(parts, grid);
  const size = (part: number): number => parts.sizes[part] ?? 0;
  const wide = widened(truth, grid, NEAR);
  const byPair = new Map<string, number[]>();
  const smaller = new Map<number, number>();
  meetings(all, grid, (at, one, other) => {
    if (size(one) < SMALLEST_CELL || size(other) < SMALLEST_CELL) return;
    if (main[one] === 0 || main[one] !== main[other] || wide[at] === 1) return;
    collect(byPair, `${String(one)}-${String(other)}`, at);
    smaller.set(at, Math.min(size(one), size(other)));
  });
  return clusters(byPair, grid).map((places) => ({
    kind: 'wall',
    places,
    size: smaller.get(places[0] ?? 0) ?? 0,
  }));
}

function blobs({ mask, truth, ...grid }: JudgedSlice): Mistake[] {
  const wide = widened(truth, grid, NEAR);
  const wrong = mask.map((value, at) => (value === 1 && wide[at] === 0 ? 1 : 0));
  const { of, sizes } = regionsOf(wrong, grid, true);
  const places = sizes.map((): number[] => []);
  of.forEach((blob, at) => {
    if (blob > 0 && (sizes[blob] ?? 0) >= SMALLEST_BLOB) places[blob]?.push(at);
  });
  return places
    .filter(({ length }) => length > 0)
    .map((own) => ({ kind: 'blob', places: own, size: own.length }));
}

/** A mask `by` pixels wider on all sides. */
function widened(mask: Uint8Array, grid: Grid, by: number): Uint8Array {
  let wide = mask;
  for (let i = 0; i < by; i += 1) {
    const last = wide;
    wide = last.slice();
    last.forEach((value, at) => {
      if (value === 1)
        around(at, grid, true, (other) => {
          wide[other] = 1;
        });
    });
  }
  return wide;
}
