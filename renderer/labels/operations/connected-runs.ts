import type { ByteField } from '../byte-field';
import { areaFromSpans, type PixelArea } from '../pixel-area';
import { SpanList } from '../span-list';

/** Which pixels count as neighbours: those that share an edge, or a corner too. */
export type Connectivity = 4 | 8;

/** A connected piece of a field. */
export interface Piece {
  readonly pixels: number;
  /** It reaches the edge of the field, so that it may go on outside. */
  readonly cut: boolean;
}

/**
 * The pixels of the connected pieces, made of bytes that `accepts` (by byte,
 * nonzero = yes) lets in, that `wanted` picks. Runs of a row are joined to
 * those of the row above by union-find, so no pixel is looked at twice.
 */
export function piecesArea(
  { rect, data }: ByteField,
  accepts: Uint8Array,
  connectivity: Connectivity,
  wanted: (piece: Piece) => boolean,
): PixelArea {
  const { width, height } = rect;
  const list = new SpanList();
  for (let row = 0; row < height; row += 1) {
    const from = row * width;
    for (let x = 0; x < width; x += 1) {
      if (accepts[data[from + x] ?? 0] === 0) continue;
      const start = x;
      x += 1;
      while (x < width && accepts[data[from + x] ?? 0] !== 0) x += 1;
      list.add(row, start, x);
    }
  }
  const runs = list.toSpans();
  const parent = joinRuns(runs, connectivity === 8 ? 1 : 0);
  const pixels = new Float64Array(parent.length);
  const cut = new Uint8Array(parent.length);
  for (let run = 0; run < parent.length; run += 1) {
    const root = find(parent, run);
    const row = runs[run * 3] ?? 0;
    const start = runs[run * 3 + 1] ?? 0;
    const end = runs[run * 3 + 2] ?? 0;
    pixels[root] = (pixels[root] ?? 0) + end - start;
    if (row === 0 || row === height - 1 || start === 0 || end === width) cut[root] = 1;
  }
  const taken = new Uint8Array(parent.length);
  for (let run = 0; run < parent.length; run += 1)
    if (parent[run] === run && wanted({ pixels: pixels[run] ?? 0, cut: cut[run] === 1 }))
      taken[run] = 1;
  const spans = new SpanList();
  for (let run = 0; run < parent.length; run += 1)
    if (taken[find(parent, run)] === 1)
      spans.add(
        rect.y + (runs[run * 3] ?? 0),
        rect.x + (runs[run * 3 + 1] ?? 0),
        rect.x + (runs[run * 3 + 2] ?? 0),
      );
  return areaFromSpans(spans.toSpans());
}

/** By run, a run that it is joined to; roots point to themselves. `reach` 1 joins runs that touch by a corner. */
function joinRuns(runs: Int32Array, reach: number): Int32Array {
  const count = runs.length / 3;
  const parent = new Int32Array(count);
  let above = 0;
  for (let run = 0; run < count; run += 1) {
    parent[run] = run;
    const row = runs[run * 3] ?? 0;
    const start = (runs[run * 3 + 1] ?? 0) - reach;
    const end = (runs[run * 3 + 2] ?? 0) + reach;
    // Runs of earlier rows, and those that end before this one begins, are behind us.
    while (above < run && isBefore(runs, above, row - 1, start)) above += 1;
    for (let other = above; other < run; other += 1) {
      if ((runs[other * 3] ?? 0) !== row - 1 || (runs[other * 3 + 1] ?? 0) >= end) break;
      join(parent, other, run);
    }
  }
  return parent;
}

function isBefore(runs: Int32Array, run: number, row: number, start: number): boolean {
  const y = runs[run * 3] ?? 0;
  return y < row || (y === row && (runs[run * 3 + 2] ?? 0) <= start);
}

function find(parent: Int32Array, run: number): number {
  let at = run;
  for (let next = parent[at] ?? at; next !== at; next = parent[at] ?? at) {
    // Halves the way for the next time.
    parent[at] = parent[next] ?? next;
    at = next;
  }
  return at;
}

function join(parent: Int32Array, one: number, other: number): void {
  const a = find(parent, one);
  const b = find(parent, other);
  if (a < b) parent[b] = a;
  else parent[a] = b;
}
