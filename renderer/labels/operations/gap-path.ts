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
function apart(width: number, a: number, b: number): number {
  const dx = Math.abs((a % width) - (b % width));
  const dy = Math.abs(Math.floor(a / width) - Math.floor(b / width));
  const diagonal = Math.min(dx, dy);
  return (DIAGONAL * diagonal) / STRAIGHT + Math.max(dx, dy) - diagonal;
}

/** The wall's pixel nearest to a point (image pixels), REACH away at most; −1 = there is none. */
function nearestWall({ rect, data }: ByteField, { x, y }: Point): number {
  let nearest = -1;
  let best = REACH * REACH;
  for (let row = 0; row < rect.height; row += 1)
    for (let column = 0; column < rect.width; column += 1) {
      const at = row * rect.width + column;
      if (data[at] === 0) continue;
      const far = (rect.x + column + 0.5 - x) ** 2 + (rect.y + row + 0.5 - y) ** 2;
      if (far > best || (far === best && nearest >= 0)) continue;
      best = far;
      nearest = at;
    }
  return nearest;
}

/**
 * The cheapest way over the evidence from the wall nearest to a press to the
 * next wall, as pixel centres from wall to wall; null where no wall is near,
 * or none comes after it in the window.
 */
export function gapPath({ walls, evidence }: GapGround, press: Point): readonly Point[] | null {
  const { rect, data } = walls;
  const { width, height } = rect;
  const start = nearestWall(walls, press);
  if (start < 0) return null;
  const along = spread(
    { width, height, costs: data.map((wall) => (wall === 0 ? 0 : 1)) },
    [start],
  ).distances;
  const tip = [...along.keys()].filter((at) => (along[at] ?? FAR) <= TIP * STRAIGHT);
  const isNext = (at: number): boolean => {
    const round = along[at] ?? FAR;
    return round === FAR || round / STRAIGHT >= ROUND * apart(width, start, at) + ROUND_MORE;
  };
  let end = -1;
  const open = spread(
    { width, height, costs: evidence.data.map((byte, at) => (data[at] === 0 ? ridgeCost(byte) : 1)) },
    tip,
    (at, distance) => {
      if (data[at] === 0 || distance === 0) return 'go on';
      if (!isNext(at)) return 'end here';
      end = at;
      return 'stop';
    },
  );
  if (end < 0) return null;
  const path: Point[] = [];
  for (let at = end; at >= 0; at = open.from[at] ?? -1)
    path.push({ x: rect.x + (at % width) + 0.5, y: rect.y + Math.floor(at / width) + 0.5 });
  return path.reverse();
}
