import { newWalls, type NewWall } from './new-walls';

/** A wall that came or went between two parts, and what painting makes of it as it was. */
export interface CellChange {
  /** split: one cell of the old mask is parted; merge: parts of the new cell were parted. */
  readonly kind: 'split' | 'merge';
  /** The cell that is parted, or that holds what was parted, within slice and kind. */
  readonly cell: number;
  /** On the middle line of the wall, near its middle. */
  readonly x: number;
  readonly y: number;
  /** The smallest box around the wall. */
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
  /** Pixels of its middle line. */
  readonly length: number;
  /** Pixels of the parts on either side, the larger first. */
  readonly parts: readonly [number, number];
  /**
   * What to paint so that it is as it was, interior for a split and membrane
   * for a merge: y, start, end, … of half-open rows, in reading order.
   */
  readonly spans: readonly number[];
}

/**
 * Cells that are split or merged from one mask of a slice to another, those
 * with the largest smaller part first. Masks are 1 on membrane, row by row. A
 * line that only grows wider, thinner or moves a little is no change.
 */
export function cellChanges(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  height: number,
): readonly CellChange[] {
  const splits = newWalls(before, after, width, height).map((wall) =>
    changeOf('split', wall, wall.body, width),
  );
  const merges = newWalls(after, before, width, height).map((wall) =>
    changeOf('merge', wall, widened(wall.line, after, width, height), width),
  );
  return [...splits, ...merges].sort((a, b) => b.parts[1] - a.parts[1] || a.y - b.y || a.x - b.x);
}

function changeOf(
  kind: CellChange['kind'],
  { cell, parts, line }: NewWall,
  pixels: Int32Array,
  width: number,
): CellChange {
  const box = boxOf(line, width);
  const centre = { x: box.x + (box.width - 1) / 2, y: box.y + (box.height - 1) / 2 };
  let nearest = line[0] ?? 0;
  let least = Infinity;
  for (const p of line) {
    const distance = Math.hypot((p % width) - centre.x, Math.floor(p / width) - centre.y);
    if (distance < least) [nearest, least] = [p, distance];
  }
  return {
    ...{ kind, cell, parts, box, length: line.length, spans: spansOf(pixels, width) },
    x: nearest % width,
    y: Math.floor(nearest / width),
  };
}

function boxOf(pixels: Int32Array, width: number): CellChange['box'] {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (const p of pixels) {
    const [x, y] = [p % width, Math.floor(p / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** A line three pixels wide, where there is no membrane in `mask`: indices into the slice, ascending. */
function widened(line: Int32Array, mask: Uint8Array, width: number, height: number): Int32Array {
  const wide = new Set<number>();
  for (const p of line) {
    const [x, y] = [p % width, Math.floor(p / width)];
    for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++)
      for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++)
        if (mask[row * width + column] === 0) wide.add(row * width + column);
  }
  return Int32Array.from(wide).sort();
}

/** Rows of pixels that follow on each other; ascending indices. */
function spansOf(pixels: Int32Array, width: number): number[] {
  const spans: number[] = [];
  let end = -1;
  for (const p of pixels) {
    const x = p % width;
    if (p === end && x > 0) spans[spans.length - 1] = x + 1;
    else spans.push(Math.floor(p / width), x, x + 1);
    end = p + 1;
  }
  return spans;
}
