import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAt, type ByteField } from '../byte-field';
import type { Point } from '../rasterize';
import { anyField, anyRect, drawn, withPoint } from '../testing/random-fields';
import { gapPath, REACH } from './gap-path';
import { DIAGONAL, ridgeCost, STRAIGHT } from './ridge-path';

const middle = ({ rect }: ByteField, x: number, y: number): Point => ({
  x: rect.x + x + 0.5,
  y: rect.y + y + 0.5,
});

/**
 * The least costs from pixels to all others: relaxes every pixel again and
 * again until nothing gets cheaper. Nobody goes on from a pixel that `ends`.
 */
function leastCosts(
  { rect: { width, height } }: ByteField,
  sources: readonly number[],
  cost: (pixel: number) => number,
  ends: (pixel: number) => boolean,
): number[] {
  const least = Array.from({ length: width * height }, () => Infinity);
  for (const source of sources) least[source] = 0;
  for (let better = true; better;) {
    better = false;
    for (let at = 0; at < least.length; at += 1) {
      if (ends(at) && !sources.includes(at)) continue;
      for (const dy of [-1, 0, 1])
        for (const dx of [-1, 0, 1]) {
          const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const there =
            (least[at] ?? 0) + cost(y * width + x) * (dx !== 0 && dy !== 0 ? DIAGONAL : STRAIGHT);
          if (there >= (least[y * width + x] ?? 0)) continue;
          least[y * width + x] = there;
          better = true;
        }
    }
  }
  return least;
}

/** What the cheapest way from the wall nearest to the press to the next wall costs, by the words of the manual; null = there is none. */
function naive(walls: ByteField, evidence: ByteField, press: Point): number | null {
  const { width } = walls.rect;
  const isWall = (at: number): boolean => walls.data[at] !== 0;
  const away = (at: number): number => {
    const point = middle(walls, at % width, Math.floor(at / width));
    return Math.hypot(point.x - press.x, point.y - press.y);
  };
  const all = [...walls.data.keys()];
  const near = all.filter((at) => isWall(at) && away(at) <= REACH);
  if (near.length === 0) return null;
  const start = near.reduce((best, at) => (away(at) < away(best) - 1e-9 ? at : best));
  const along = leastCosts(
    walls,
    [start],
    (at) => (isWall(at) ? 1 : Infinity),
    () => false,
  ).map((cost) => cost / STRAIGHT);
  const tip = all.filter((at) => (along[at] ?? 0) <= 8);
  const onto = (at: number): number => (isWall(at) ? 1 : ridgeCost(evidence.data[at] ?? 0));
  const least = leastCosts(walls, tip, onto, isWall);
  const costs = all.filter(isWall).flatMap((at) => {
    const dx = Math.abs((at % width) - (start % width));
    const dy = Math.abs(Math.floor(at / width) - Math.floor(start / width));
    const straight = Math.max(dx, dy) + (DIAGONAL / STRAIGHT - 1) * Math.min(dx, dy);
    return (along[at] ?? 0) >= 3 * straight + 20 - 1e-9 ? [least[at] ?? Infinity] : [];
  });
  const best = Math.min(...costs);
  return Number.isFinite(best) ? best : null;
}

/** What walking the path costs; throws where it jumps. */
function costOf(walls: ByteField, evidence: ByteField, path: readonly Point[]): number {
  let cost = 0;
  for (let i = 1; i < path.length; i += 1) {
    const [from, to] = [path[i - 1]!, path[i]!];
    const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    if (Math.max(dx, dy) !== 1) throw new Error('the path jumps');
    const at = indexAt(walls, to);
    const onto = walls.data[at] === 0 ? ridgeCost(evidence.data[at] ?? 0) : 1;
    cost += onto * (dx + dy === 2 ? DIAGONAL : STRAIGHT);
  }
  return cost;
}

describe('the way over a gap', () => {
  it('is the cheapest from the nearest wall to the next one, or there is none', () => {
    let found = 0;
    let none = 0;
    const walls = withPoint(anyField([0, 0, 0, 1], anyRect(22)));
    fc.assert(
      fc.property(walls, anyField([0, 60, 128, 200, 255], anyRect(22)), ([field, press], other) => {
        const evidence = {
          rect: field.rect,
          data: field.data.map((_, i) => other.data[i % other.data.length] ?? 0),
        };
        const path = gapPath({ walls: field, evidence }, press);
        const wanted = naive(field, evidence, press);
        if (path === null) none += 1;
        else found += 1;
        expect(path && costOf(field, evidence, path)).toBe(wanted);
      }),
      { numRuns: 150, seed: 2026 },
    );
    expect(found).toBeGreaterThan(20);
    expect(none).toBeGreaterThan(20);
  });

  // A cell of 40 × 24 whose upper wall is broken at columns 18 to 23, with a dent of the lower one that comes near.
  const cell = drawn(
    Array.from({ length: 24 }, (_, y) =>
      Array.from({ length: 40 }, (__, x) => {
        const edge = x === 0 || x === 39 || y === 0 || y === 23;
        const gap = y === 0 && x >= 18 && x < 24;
        return edge && !gap ? '#' : '.';
      }).join(''),
    ),
    100,
    200,
  );
  const blank: ByteField = { rect: cell.rect, data: new Uint8Array(cell.data.length) };

  it('closes a broken wall, pressed on either end or between them', () => {
    for (const [x, y] of [
      [17, 0],
      [21, 1],
      [24, 2],
    ] as const) {
      const path = gapPath({ walls: cell, evidence: blank }, middle(cell, x, y)) ?? [];
      const ends = [path[0]!, path.at(-1)!].map((point) => point.x - 100.5).sort((a, b) => a - b);
      expect(ends).toEqual([17, 24]);
      expect(path.every((point) => point.y === 200.5)).toBe(true);
    }
  });

  it('goes where a membrane is likely rather than straight', () => {
    const arch = new Set<number>();
    for (let x = 17; x <= 24; x += 1) arch.add(4 * 40 + x);
    for (let y = 0; y <= 4; y += 1) for (const x of [17, 24]) arch.add(y * 40 + x);
    const evidence = { rect: cell.rect, data: cell.data.map((_, i) => (arch.has(i) ? 255 : 0)) };
    const path = gapPath({ walls: cell, evidence }, middle(cell, 17, 0)) ?? [];
    expect(Math.max(...path.map(({ y }) => y - 200.5))).toBe(4);
  });

  it('does not close a dent of one wall', () => {
    // From arm to arm 12 pixels straight, and 49 or 57 along the wall: from 3 × 12 + 20 on it is a gap.
    const dent = (depth: number): ByteField =>
      drawn(
        Array.from({ length: depth + 1 }, (_, y) =>
          y === depth ? `..${'#'.repeat(13)}..` : '..#...........#..',
        ),
      );
    const ways = [19, 23].map((depth) => {
      const walls = dent(depth);
      const evidence = { rect: walls.rect, data: walls.data.map(() => 0) };
      return gapPath({ walls, evidence }, middle(walls, 2, 0))?.length ?? null;
    });
    expect(ways).toEqual([null, 13]);
  });

  it('says so where no wall is near, or no other comes', () => {
    expect(gapPath({ walls: blank, evidence: blank }, middle(cell, 9, 9))).toBeNull();
    const stub = drawn(['..........', '.####.....', '..........']);
    expect(gapPath({ walls: stub, evidence: { ...stub } }, middle(stub, 4, 1))).toBeNull();
  });
});
