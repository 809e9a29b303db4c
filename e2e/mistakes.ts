import { flooded, neighbours, type Cells } from './cell-score';
import type { BytePicture } from './exported-mask';
import type { Point } from './workspace';

/** A stroke that mends a mask: along the middle of a missing wall, or of a false one. */
export interface Mending {
  readonly kind: 'missing' | 'false';
  /** Image pixels from end to end. */
  readonly way: readonly Point[];
}

/** Smaller cells are not looked at, and what a hand draws without lifting ends here (pixels). */
const [SMALLEST, LONGEST] = [150, 60];
/** Membrane this near to a true one is only drawn too wide. */
const NEAR = 2;

/** True where the picture has `value` within `far` pixels. */
function near({ width, height, bytes }: BytePicture, at: number, value: number, far: number) {
  const [x, y] = [at % width, Math.floor(at / width)];
  for (let v = Math.max(0, y - far); v <= Math.min(height - 1, y + far); v += 1)
    for (let u = Math.max(0, x - far); u <= Math.min(width - 1, x + far); u += 1)
      if (bytes[v * width + u] === value) return true;
  return false;
}

/** Pixels of each cell, at its number. */
function sizes({ of, count }: Cells): number[] {
  const found = new Array<number>(count + 1).fill(0);
  for (const cell of of) found[cell] = (found[cell] ?? 0) + 1;
  return found;
}

/** The cell of `other` that covers most of each cell of `cells`. */
function mainOf(cells: Cells, other: Cells): number[] {
  const shared = new Map<number, number>();
  cells.of.forEach((cell, at) => {
    const there = other.of[at] ?? 0;
    if (cell === 0 || there === 0) return;
    const key = cell * (other.count + 1) + there;
    shared.set(key, (shared.get(key) ?? 0) + 1);
  });
  const main = new Array<number>(cells.count + 1).fill(0);
  const most = new Array<number>(cells.count + 1).fill(0);
  for (const [key, pixels] of shared) {
    const cell = Math.floor(key / (other.count + 1));
    if (pixels <= (most[cell] ?? 0)) continue;
    most[cell] = pixels;
    main[cell] = key % (other.count + 1);
  }
  return main;
}

/** Pixels on the lines between two large cells that `other` takes for one, line by line. */
function linesWithin(picture: BytePicture, cells: Cells, other: Cells): Map<string, number[]> {
  const large = sizes(cells);
  const main = mainOf(cells, other);
  const lines = new Map<string, number[]>();
  cells.of.forEach((cell, at) => {
    if (cell !== 0) return;
    const beside = new Set(neighbours(at, picture).map((next) => cells.of[next] ?? 0));
    const [one = 0, two = 0] = [...beside].filter((next) => next > 0).sort((a, b) => a - b);
    if (two === 0 || main[one] === 0 || main[one] !== main[two]) return;
    const smaller = Math.min(large[one] ?? 0, large[two] ?? 0);
    if (smaller < SMALLEST) return;
    const key = `${String(smaller)} ${String(one)} ${String(two)}`;
    lines.set(key, [...(lines.get(key) ?? []), at]);
  });
  return lines;
}

/** The longest way through touching pixels, cut around its middle. */
function wayThrough(places: readonly number[], width: number): Point[] {
  const farthest = (start: number): number[] => {
    const before = new Map([[start, -1]]);
    const queue = [start];
    const inside = new Set(places);
    for (const at of queue)
      for (const step of [-1, 1, -width, width, -width - 1, -width + 1, width - 1, width + 1])
        if (inside.has(at + step) && !before.has(at + step)) {
          before.set(at + step, at);
          queue.push(at + step);
        }
    const way: number[] = [];
    for (let at = queue.at(-1) ?? start; at >= 0; at = before.get(at) ?? -1) way.push(at);
    return way;
  };
  const way = farthest(farthest(places[0] ?? 0)[0] ?? 0);
  const first = Math.max(0, Math.floor((way.length - LONGEST) / 2));
  return way
    .slice(first, first + LONGEST)
    .map((at) => ({ x: at % width, y: Math.floor(at / width) }));
}

/**
 * What a careful person would draw on a mask (255 = membrane) that should look
 * like the truth (0 = membrane): the walls whose lack or excess counts most
 * pixels of cells, the largest first, at most `most`, both kinds by turns.
 */
export function mendingsOf(mask: BytePicture, truth: BytePicture, most: number): Mending[] {
  const right = flooded(truth, (value) => value === 0);
  const found = flooded(mask, (value) => value === 255);
  const ranked = (lines: Map<string, number[]>): number[][] =>
    [...lines].sort(([a], [b]) => Number.parseInt(b) - Number.parseInt(a)).map(([, at]) => at);
  const kinds = {
    missing: ranked(linesWithin(mask, right, found)).map((line) =>
      line.filter((at) => !near(mask, at, 255, 1)),
    ),
    false: ranked(linesWithin(mask, found, right)).map((line) =>
      line.filter((at) => !near(truth, at, 0, NEAR)),
    ),
  };
  const drawn = (kind: Mending['kind'], line: number[] | undefined): Mending[] =>
    line === undefined || line.length < 3 ? [] : [{ kind, way: wayThrough(line, mask.width) }];
  const turns = Math.max(kinds.missing.length, kinds.false.length);
  return Array.from({ length: turns }, (_, turn) => [
    ...drawn('missing', kinds.missing[turn]),
    ...drawn('false', kinds.false[turn]),
  ])
    .flat()
    .slice(0, most);
}
