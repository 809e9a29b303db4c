import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexAt, type ByteField } from '../byte-field';
import type { Point } from '../rasterize';
import { rasterizeCapsule } from '../rasterize';
import { anyField, anyNumber, anyRect } from '../testing/random-fields';
import { DIAGONAL, RidgePath, ridgeCost, STRAIGHT } from './ridge-path';

const small = anyField([0, 30, 128, 200, 255], anyRect(16));
const share = anyNumber(0, 0.999);
const place = fc.tuple(share, share);

const within = ({ rect }: ByteField, [x, y]: [number, number]): Point => ({
  x: rect.x + x * rect.width,
  y: rect.y + y * rect.height,
});

/** What walking a path costs; throws where a step is no step. */
function costOf(field: ByteField, path: readonly Point[]): number {
  let cost = 0;
  for (let i = 1; i < path.length; i += 1) {
    const [from, to] = [path[i - 1]!, path[i]!];
    const [dx, dy] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
    if (Math.max(dx, dy) !== 1) throw new Error('the path jumps');
    const length = dx + dy === 2 ? DIAGONAL : STRAIGHT;
    cost += length * ridgeCost(field.data[indexAt(field, to)] ?? 0);
  }
  return cost;
}

/** The least cost from one pixel to every other: relaxes all pixels again and again until nothing gets cheaper. */
function leastCosts(field: ByteField, from: number): number[] {
  const { width, height } = field.rect;
  const least = Array.from({ length: width * height }, () => Infinity);
  least[from] = 0;
  for (let better = true; better;) {
    better = false;
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1)
        for (const dy of [-1, 0, 1])
          for (const dx of [-1, 0, 1]) {
            const [nextX, nextY] = [x + dx, y + dy];
            if (nextX < 0 || nextY < 0 || nextX >= width || nextY >= height) continue;
            const next = nextY * width + nextX;
            const length = dx !== 0 && dy !== 0 ? DIAGONAL : STRAIGHT;
            const cost = (least[y * width + x] ?? 0) + length * ridgeCost(field.data[next] ?? 0);
            if (cost >= (least[next] ?? 0)) continue;
            least[next] = cost;
            better = true;
          }
  }
  return least;
}

describe('a path along the ridge', () => {
  it('is the cheapest there is, to every point asked for, in any order', () => {
    let steps = 0;
    let detours = 0;
    fc.assert(
      fc.property(small, place, fc.array(place, { minLength: 1, maxLength: 5 }), (field, a, to) => {
        const from = within(field, a);
        const least = leastCosts(field, indexAt(field, from));
        const ridge = new RidgePath(field, from);
        for (const goal of to.map((share) => within(field, share))) {
          const path = ridge.to(goal);
          expect(indexAt(field, path[0]!)).toBe(indexAt(field, from));
          expect(indexAt(field, path.at(-1)!)).toBe(indexAt(field, goal));
          expect(costOf(field, path)).toBe(least[indexAt(field, goal)]);
          const [dx, dy] = [goal.x - from.x, goal.y - from.y].map((d) => Math.abs(Math.floor(d)));
          steps += path.length - 1;
          if (path.length - 1 > Math.max(dx ?? 0, dy ?? 0) + 1) detours += 1;
        }
      }),
      { numRuns: 150, seed: 2026 },
    );
    expect(steps).toBeGreaterThan(1_000);
    expect(detours).toBeGreaterThan(20);
  });

  it('is the same when it is searched bit by bit', () => {
    let parts = 0;
    fc.assert(
      fc.property(small, place, place, (field, a, b) => {
        const [from, goal] = [within(field, a), within(field, b)];
        const ridge = new RidgePath(field, from);
        while (!ridge.search(goal, 3)) parts += 1;
        expect(costOf(field, ridge.to(goal))).toBe(
          costOf(field, new RidgePath(field, from).to(goal)),
        );
      }),
      { numRuns: 100, seed: 2026 },
    );
    expect(parts).toBeGreaterThan(200);
  });

  it('stays on a planted ridge, however it winds, with the ground around it uneven', () => {
    let length = 0;
    // No hairpins: between the legs of one, a step over the ground is shorter indeed.
    const leg = fc.record({
      dx: fc.integer({ min: 8, max: 24 }),
      slope: anyNumber(-1.5, 1.5),
    });
    const legs = fc.array(leg, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), legs, (seed, way) => {
        const rect = { x: 40, y: 480, width: 200, height: 160 };
        // A ground of at most a quarter of the ridge's height.
        let random = seed;
        const data = Uint8Array.from({ length: rect.width * rect.height }, () => {
          random = (random * 48_271) % 2_147_483_647;
          return random % 64;
        });
        const field = { rect, data };
        const points = [{ x: 42.5, y: 560.5 }];
        for (const { dx, slope } of way) {
          const from = points.at(-1)!;
          const to = {
            x: Math.min(238.5, from.x + dx),
            y: Math.min(636.5, Math.max(484.5, from.y + slope * dx)),
          };
          rasterizeCapsule(from, to, 0.8, rect, (y, start, end) => {
            const row = (y - rect.y) * rect.width - rect.x;
            data.fill(255, row + start, row + end);
          });
          points.push(to);
        }
        const path = new RidgePath(field, points[0]!).to(points.at(-1)!);
        expect(path.findIndex((point) => data[indexAt(field, point)] !== 255)).toBe(-1);
        length += path.length;
      }),
      { numRuns: 60, seed: 2026 },
    );
    expect(length).toBeGreaterThan(2_000);
  });

  it('crosses a short gap in a membrane rather than going all the way around a cell', () => {
    const rect = { x: 0, y: 0, width: 80, height: 80 };
    const field: ByteField = { rect, data: new Uint8Array(6400) };
    for (let i = 10; i < 70; i += 1)
      for (const at of [10 * 80 + i, 69 * 80 + i, i * 80 + 10, i * 80 + 69]) field.data[at] = 250;
    for (let x = 38; x < 42; x += 1) field.data[10 * 80 + x] = 20;
    const path = new RidgePath(field, { x: 20.5, y: 10.5 }).to({ x: 60.5, y: 10.5 });
    expect(path.every(({ y }) => Math.abs(y - 10.5) <= 1)).toBe(true);
    expect(path).toHaveLength(41);
  });

  it('goes to the nearest pixel of the field for a point outside it', () => {
    const rect = { x: 100, y: 100, width: 20, height: 10 };
    const field = { rect, data: new Uint8Array(200).fill(255) };
    const path = new RidgePath(field, { x: 90, y: 104 }).to({ x: 140.2, y: 300 });
    expect(path[0]).toEqual({ x: 100.5, y: 104.5 });
    expect(path.at(-1)).toEqual({ x: 119.5, y: 109.5 });
    expect(new RidgePath(field, { x: 105, y: 104 }).to({ x: 105.9, y: 104.9 })).toHaveLength(1);
    const empty = { rect: { x: 0, y: 0, width: 0, height: 0 }, data: new Uint8Array(0) };
    expect(() => new RidgePath(empty, { x: 0, y: 0 })).toThrow(RangeError);
  });
});
