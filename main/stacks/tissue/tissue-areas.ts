import type { Rect } from '#contract/tiles';
import { NOTHING } from './marks';
import type { Tissue } from './tissue';

/** Columns and rows that areas are told in at most. */
const CELLS = 256;

/**
 * The parts without tissue as rectangles for the eye, in pixels of the slice:
 * whole cells of at most 256 × 256 of them, most of whose pixels are empty.
 */
export function emptyAreas({ width, height, marks, box }: Tissue): Rect[] {
  if (box === null) return [{ x: 0, y: 0, width, height }];
  if (marks === null) return [];
  const cell = Math.max(1, Math.ceil(Math.max(width, height) / CELLS));
  const across = Math.ceil(width / cell);
  const down = Math.ceil(height / cell);
  const counts = new Uint32Array(across * down);
  for (let y = 0, at = 0; y < height; y += 1) {
    const row = Math.floor(y / cell) * across;
    for (let x = 0; x < width; x += 1, at += 1)
      if (marks[at] === NOTHING) {
        const there = row + Math.floor(x / cell);
        counts[there] = (counts[there] ?? 0) + 1;
      }
  }
  const sizeAt = (column: number, row: number): number =>
    Math.min(cell, width - column * cell) * Math.min(cell, height - row * cell);
  const areas: Rect[] = [];
  let open: Rect[] = [];
  for (let row = 0; row < down; row += 1) {
    const runs: Rect[] = [];
    for (let column = 0; column < across; column += 1) {
      if (2 * (counts[row * across + column] ?? 0) <= sizeAt(column, row)) continue;
      const x = column * cell;
      const part = { x, y: row * cell, width: Math.min(cell, width - x) };
      const last = runs.at(-1);
      if (last !== undefined && last.x + last.width === x)
        runs[runs.length - 1] = { ...last, width: last.width + part.width };
      else runs.push({ ...part, height: Math.min(cell, height - part.y) });
    }
    // A run right below one of the same columns makes it taller.
    const next = runs.map((run) => {
      const above = open.find(({ x, width: wide }) => x === run.x && wide === run.width);
      return above === undefined ? run : { ...above, height: run.y + run.height - above.y };
    });
    areas.push(
      ...open.filter(
        ({ x, width: wide }) => !runs.some((run) => run.x === x && run.width === wide),
      ),
    );
    open = next;
  }
  return [...areas, ...open];
}
