import { componentsOf, framed, piecesOf, sides, type Framed } from './pieces';

/** A wall of one mask between two parts of what is one cell in another. */
export interface NewWall {
  /** Of the cell that it parts, within the slice. */
  readonly cell: number;
  /** Pixels of the two parts, the larger first. */
  readonly parts: readonly [number, number];
  /** The thin line in the middle of the wall, as indices into the slice, ascending. */
  readonly line: Int32Array;
  /** Pixels of the wall from part to part: without them the two are one. */
  readonly body: Int32Array;
}

/** The cells of one mask from which each pixel is nearest to a part. */
interface Flooded {
  /** The part that reaches a pixel first, 0 = none. */
  readonly part: Int32Array;
  /** Steps from it. */
  readonly steps: Int32Array;
}

/**
 * Walls that part, in `after`, what is one cell in `before`; masks are 1 on
 * membrane, row by row. A part is what the cell has in common with a cell of
 * `after`, 150 pixels or more (`piecesOf`); three parts that touch have up to
 * three walls.
 */
export function newWalls(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  height: number,
): readonly NewWall[] {
  const old = framed(before, width, height);
  const now = framed(after, width, height);
  const cells = componentsOf(old).labels;
  const cellsNow = componentsOf(now).labels;
  const pieces = piecesOf(old, now);
  // A part is all pieces that lie in the same cell before and the same after.
  const parts: { cell: number; size: number }[] = [{ cell: 0, size: 0 }];
  const partOf = new Int32Array(pieces.sizes.length);
  const numbers = new Map<string, number>();
  const partsOfCell = new Map<number, number>();
  pieces.labels.forEach((piece, p) => {
    if (piece === 0 || partOf[piece] !== 0) return;
    const cell = cells[p] ?? 0;
    const key = `${String(cell)} ${String(cellsNow[p] ?? 0)}`;
    let number = numbers.get(key);
    if (number === undefined) {
      number = parts.push({ cell, size: 0 }) - 1;
      numbers.set(key, number);
      partsOfCell.set(cell, (partsOfCell.get(cell) ?? 0) + 1);
    }
    partOf[piece] = number;
    const part = parts[number];
    if (part) part.size += pieces.sizes[piece] ?? 0;
  });
  const seeds = pieces.labels.map((piece) => {
    const part = partOf[piece] ?? 0;
    return (partsOfCell.get(parts[part]?.cell ?? 0) ?? 0) > 1 ? part : 0;
  });
  const flooded = floodCells(old, seeds);
  return [...frontiers(old, flooded)].map(([key, { line, edge }]) => {
    const [one = 0, other = 0] = key.split(' ').map(Number);
    const [a, b] = [parts[one]?.size ?? 0, parts[other]?.size ?? 0];
    return {
      cell: parts[one]?.cell ?? 0,
      parts: a >= b ? [a, b] : [b, a],
      line: indicesOf(line, old),
      body: indicesOf(wayBack(edge, flooded, now), old),
    };
  });
}

/** Floods cells from their parts, all at the same pace. */
function floodCells({ membrane, stride }: Framed, part: Int32Array<ArrayBuffer>): Flooded {
  const steps = new Int32Array(part.length);
  const queue = new Int32Array(part.length);
  let end = 0;
  part.forEach((label, p) => {
    if (label !== 0) queue[end++] = p;
  });
  const around = sides(stride);
  for (let at = 0; at < end; at++) {
    const p = queue[at] ?? 0;
    for (const step of around) {
      const q = p + step;
      if (membrane[q] !== 0 || part[q] !== 0) continue;
      part[q] = part[p] ?? 0;
      steps[q] = (steps[p] ?? 0) + 1;
      queue[end++] = q;
    }
  }
  return { part, steps };
}

/** Where floods meet, by the two parts: pixels of the first that touch the second (the line), and those of both. */
function frontiers(
  { stride }: Framed,
  { part }: Flooded,
): Map<string, { line: number[]; edge: number[] }> {
  const found = new Map<string, { line: number[]; edge: number[] }>();
  const around = sides(stride);
  part.forEach((mine, p) => {
    if (mine === 0) return;
    const others = new Set(around.map((step) => part[p + step] ?? 0));
    for (const other of others) {
      if (other === 0 || other === mine) continue;
      const key = `${String(Math.min(mine, other))} ${String(Math.max(mine, other))}`;
      const meeting = found.get(key) ?? { line: [], edge: [] };
      found.set(key, meeting);
      meeting.edge.push(p);
      if (mine < other) meeting.line.push(p);
    }
  });
  return found;
}

/** The membrane of `now` on the shortest ways from where floods meet back to their parts. */
function wayBack(edge: readonly number[], { part, steps }: Flooded, now: Framed): number[] {
  const seen = new Set(edge);
  const around = sides(now.stride);
  for (const p of seen)
    for (const step of around) {
      const q = p + step;
      // A set goes on with what is added while it is gone through.
      if (part[q] === part[p] && steps[q] === (steps[p] ?? 0) - 1) seen.add(q);
    }
  return [...seen].filter((p) => now.membrane[p] === 1);
}

/** Indices into the slice without its frame, ascending. */
function indicesOf(pixels: readonly number[], { stride, width }: Framed): Int32Array {
  return Int32Array.from(
    pixels,
    (p) => (Math.floor(p / stride) - 1) * width + (p % stride) - 1,
  ).sort();
}
