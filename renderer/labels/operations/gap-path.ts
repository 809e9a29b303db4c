import type { Rect } from '#contract/tiles';
import type { ByteField } from '../byte-field';
import type { Point } from '../rasterize';
import { DIAGONAL, ridgeCost, STRAIGHT } from './ridge-path';
import { FAR, spread } from './spread';

/** Farthest from a wall, in pixels, that a press still means it. */
export const REACH = 24;
/** Pixels of wall around the one that is nearest to the press from which the way may begin: the tip of a broken end. */
const TIP = 8;
/**
 * A wall counts as the next one where the way to it along walls is so many
 * times as long as the straight one, and so many pixels more: what is closed
 * then is a gap of a cell's outline and no dent of the same wall.
 */
const ROUND = 3;
const ROUND_MORE = 20;

/** Where a gap may be: a window of one slice, all three of the same rectangle. */
export interface GapGround {
  /** Not 0 = a wall is shown there. */
  readonly walls: ByteField;
  /** How likely a membrane is, 0…255: probability, or what stands for it. */
  readonly evidence: ByteField;
}

/** Length in pixels of the shortest way over eight neighbours, in which a diagonal step counts 7 / 5. */
function apart(stride: number, a: number, b: number): number {
  const dx = Math.abs((a % stride) - (b % stride));
  const dy = Math.abs(Math.floor(a / stride) - Math.floor(b / stride));
  const diagonal = Math.min(dx, dy);
  return (DIAGONAL * diagonal) / STRAIGHT + Math.max(dx, dy) - diagonal;
}

/** The wall's pixel nearest to a point (image pixels), REACH away at most, as an index into the padded window; −1 = there is none. */
function nearestWall({ rect, data }: ByteField, { x, y }: Point): number {
  let nearest = -1;
  let best = REACH * REACH;
  for (let row = 0; row < rect.height; row += 1)
    for (let column = 0; column < rect.width; column += 1) {
      if (data[row * rect.width + column] === 0) continue;
      const far = (rect.x + column + 0.5 - x) ** 2 + (rect.y + row + 0.5 - y) ** 2;
      if (far > best || (far === best && nearest >= 0)) continue;
      best = far;
      nearest = (row + 1) * (rect.width + 2) + column + 1;
    }
  return nearest;
}

/** A byte for every pixel of a window, within a rim of 0. */
function padded({ width, height }: Rect, byteOf: (index: number) => number): Uint8Array {
  const bytes = new Uint8Array((width + 2) * (height + 2));
  for (let row = 0; row < height; row += 1) {
    const to = (row + 1) * (width + 2) + 1;
    for (let x = 0; x < width; x += 1) bytes[to + x] = byteOf(row * width + x);
  }
  return bytes;
}

const costs = Uint8Array.from({ length: 256 }, (_, byte) => ridgeCost(byte));

/**
 * The cheapest way over the evidence from the wall nearest to a press to the
 * next wall, as pixel centres from wall to wall; null where no wall is near,
 * or none comes after it in the window.
 */
export function gapPath({ walls, evidence }: GapGround, press: Point): readonly Point[] | null {
  const { rect, data } = walls;
  const start = nearestWall(walls, press);
  if (start < 0) return null;
  const stride = rect.width + 2;
  const wall = padded(rect, (i) => (data[i] === 0 ? 0 : 1));
  const tip: number[] = [];
  const along = spread({ stride, costs: wall }, [start], (at, distance) => {
    if (distance <= TIP * STRAIGHT) tip.push(at);
    return 'go on';
  }).distances;
  const isNext = (at: number): boolean => {
    const round = along[at] ?? FAR;
    return round === FAR || round / STRAIGHT >= ROUND * apart(stride, start, at) + ROUND_MORE;
  };
  const ground = padded(rect, (i) => (data[i] === 0 ? (costs[evidence.data[i] ?? 0] ?? 0) : 1));
  let end = -1;
  const { from } = spread({ stride, costs: ground }, tip, (at, distance) => {
    if (wall[at] === 0 || distance === 0) return 'go on';
    if (!isNext(at)) return 'end here';
    end = at;
    return 'stop';
  });
  if (end < 0) return null;
  const path: Point[] = [];
  for (let at = end; at >= 0; at = from[at] ?? -1)
    path.push({
      x: rect.x + (at % stride) - 0.5,
      y: rect.y + Math.floor(at / stride) - 0.5,
    });
  return path.reverse();
}
