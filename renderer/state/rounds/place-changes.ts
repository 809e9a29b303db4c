import type { Rect } from '#contract/tiles';

/** Edge of the place that is looked at, in image pixels: a cell or two with their neighbours at the size that models learn from. */
export const PLACE_SIDE = 192;
/** A line that is drawn up to this many pixels wider, narrower or beside is the same line. */
const TOLERANCE = 2;
/** Lines of so many versions are looked at one and all; of longer ones only where the place changes. */
const LOOK_AT_ALL = 8;
/** Ten pixels of a line three wide. Less is the play of any training, and names no version; chosen by that picture, not measured. */
const LEAST_CHANGED = 30;

/** A square around a point, moved into the slice; smaller only where the slice is. */
export function placeAround(
  point: { readonly x: number; readonly y: number },
  width: number,
  height: number,
): Rect {
  const [w, h] = [Math.min(PLACE_SIDE, width), Math.min(PLACE_SIDE, height)];
  const from = (at: number, side: number, edge: number): number =>
    Math.round(Math.min(edge - side, Math.max(0, at - side / 2)));
  return { x: from(point.x, w, width), y: from(point.y, h, height), width: w, height: h };
}

/** Marks pixels within TOLERANCE of a marked one, in a square. */
function spread(mask: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(mask.length);
  const out = new Uint8Array(mask.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      if (mask[y * width + x] !== 1) continue;
      const end = Math.min(width - 1, x + TOLERANCE);
      rows.fill(1, y * width + Math.max(0, x - TOLERANCE), y * width + end + 1);
    }
  for (let y = 0; y < height; y += 1) {
    const last = Math.min(height - 1, y + TOLERANCE);
    for (let other = Math.max(0, y - TOLERANCE); other <= last; other += 1)
      for (let x = 0; x < width; x += 1) if (rows[other * width + x] === 1) out[y * width + x] = 1;
  }
  return out;
}

/** Pixels of lines that came (1) and of lines that went (2) from one mask to another, 0 elsewhere: what only grew wider, narrower or moved by TOLERANCE is no change. Masks are 1 on membrane, row by row. */
export function lineChanges(
  before: Uint8Array,
  after: Uint8Array,
  width: number,
  height: number,
): Uint8Array {
  const near = { before: spread(before, width, height), after: spread(after, width, height) };
  return Uint8Array.from(before, (was, i) => {
    if (after[i] === 1 && near.before[i] === 0) return 1;
    return was === 1 && near.after[i] === 0 ? 2 : 0;
  });
}

/** Two versions of a line, by their place in it, with none between them looked at, and the pixels that changed. */
export interface ChangedPair {
  readonly before: number;
  readonly after: number;
  readonly pixels: number;
}

/** Changed pixels between two versions that were looked at. */
export type Differ = (before: number, after: number) => number;

/** Of the versions that were looked at, the neighbours between which the place changed most; null where next to nothing did. */
export function mostChanged(looked: readonly number[], differ: Differ): ChangedPair | null {
  const order = [...looked].sort((a, b) => a - b);
  let most: ChangedPair | null = null;
  for (const [i, after] of order.entries()) {
    const before = order[i - 1];
    if (before === undefined) continue;
    const pixels = differ(before, after);
    if (pixels >= LEAST_CHANGED && pixels > (most?.pixels ?? 0)) most = { before, after, pixels };
  }
  return most;
}

/**
 * Which of `count` versions to look at next; null = that was all. The ends
 * first; of a short line then everything, of a long one the middle of the two
 * between which the place changed most, until those are neighbours.
 */
export function nextLook(count: number, looked: readonly number[], differ: Differ): number | null {
  const open = [count - 1, 0].find((end) => end >= 0 && end < count && !looked.includes(end));
  if (open !== undefined) return open;
  if (count <= LOOK_AT_ALL) {
    const rest = Array.from({ length: count }, (_, i) => i).find((i) => !looked.includes(i));
    return rest ?? null;
  }
  const pair = mostChanged(looked, differ);
  if (pair === null || pair.after - pair.before < 2) return null;
  return Math.floor((pair.before + pair.after) / 2);
}
