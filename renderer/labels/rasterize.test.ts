import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rasterizeCapsule, rasterizePolygon, type Point } from './rasterize';
import { anyNumber } from './testing/random-fields';

const SIZE = 96;
const slice = { x: 0, y: 0, width: SIZE, height: SIZE };
const coordinate = fc.oneof(
  anyNumber(-30, SIZE + 30),
  fc.double({ min: -30, max: SIZE + 30, noNaN: true }),
);
const point = fc.record({ x: coordinate, y: coordinate });
const radius = fc.oneof(anyNumber(0.5, 4), anyNumber(4, 60), fc.constantFrom(0.5, 500));

/** Squared distance from (x, y) to the segment a–b. */
function distance2(x: number, y: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / length2;
  const near = Math.min(1, Math.max(0, t));
  return (x - a.x - near * dx) ** 2 + (y - a.y - near * dy) ** 2;
}

/** How far (x, y) stays outside a brush that goes from a to b and from radius r to `end`; negative inside. The gap is convex along the way. */
function nearestGap(x: number, y: number, a: Point, b: Point, r: number, end: number): number {
  const gap = (t: number): number => {
    const [dx, dy] = [x - a.x - t * (b.x - a.x), y - a.y - t * (b.y - a.y)];
    return Math.sqrt(dx * dx + dy * dy) - r - t * (end - r);
  };
  let low = 0;
  let high = 1;
  for (let i = 0; i < 40; i += 1) {
    const left = low + (high - low) / 3;
    const right = high - (high - low) / 3;
    if (gap(left) < gap(right)) high = right;
    else low = left;
  }
  return gap((low + high) / 2);
}

const isUnder = (p: Point, x: number, y: number): boolean =>
  Math.floor(p.x) === x && Math.floor(p.y) === y;

function paint(draw: (sink: (y: number, start: number, end: number) => void) => void): Uint8Array {
  const mask = new Uint8Array(SIZE * SIZE);
  draw((y, start, end) => {
    for (let x = start; x < end; x += 1) {
      const i = y * SIZE + x;
      mask[i] = (mask[i] ?? 0) + 1;
    }
  });
  return mask;
}

describe('a brush segment', () => {
  it('covers exactly the pixels whose centres it reaches, and those under its ends', () => {
    let coveredInAll = 0;
    let emptyInAll = 0;
    fc.assert(
      fc.property(point, point, radius, fc.boolean(), (a, other, r, dot) => {
        const b = dot ? a : other;
        const mask = paint((sink) => {
          rasterizeCapsule(a, b, r, slice, sink);
        });
        for (let y = 0; y < SIZE; y += 1) {
          for (let x = 0; x < SIZE; x += 1) {
            const d2 = distance2(x + 0.5, y + 0.5, a, b);
            const under = isUnder(a, x, y) || isUnder(b, x, y);
            // On the very edge rounding decides.
            if (!under && Math.abs(d2 - r * r) < 1e-6 * (1 + r)) continue;
            const expected = under || d2 < r * r ? 1 : 0;
            if (expected) coveredInAll += 1;
            else emptyInAll += 1;
            if (mask[y * SIZE + x] !== expected)
              expect({ x, y, d2, painted: mask[y * SIZE + x] }).toEqual({
                x,
                y,
                d2,
                painted: expected,
              });
          }
        }
      }),
      { numRuns: 250, seed: 2026 },
    );
    expect(coveredInAll).toBeGreaterThan(100_000);
    expect(emptyInAll).toBeGreaterThan(100_000);
  });

  it('of a pen pressed more or less covers what a brush of every width between would, on its way', () => {
    const places = fc.record({ x: anyNumber(-10, 106), y: anyNumber(-10, 106) });
    const width = fc.oneof(anyNumber(0.5, 6), anyNumber(3, 30));
    const counted = { covered: 0, tapered: 0 };
    fc.assert(
      fc.property(places, places, width, width, (a, b, r, end) => {
        const mask = paint((sink) => {
          rasterizeCapsule(a, b, r, slice, sink, end);
        });
        const constant = paint((sink) => {
          rasterizeCapsule(a, b, Math.min(r, end), slice, sink);
        });
        const wrong: unknown[] = [];
        for (let y = 0; y < SIZE; y += 1)
          for (let x = 0; x < SIZE; x += 1) {
            const gap = nearestGap(x + 0.5, y + 0.5, a, b, r, end);
            const painted = mask[y * SIZE + x] ?? 0;
            counted.covered += painted;
            if (painted === 1 && constant[y * SIZE + x] === 0) counted.tapered += 1;
            const under = isUnder(a, x, y) || isUnder(b, x, y);
            if (!under && Math.abs(gap) < 1e-5) continue;
            if (painted !== (under || gap < 0 ? 1 : 0)) wrong.push({ x, y, gap, painted });
          }
        expect(wrong).toEqual([]);
      }),
      { numRuns: 20, seed: 2026 },
    );
    expect(counted.covered).toBeGreaterThan(10_000);
    expect(counted.tapered).toBeGreaterThan(2_000);
  });

  it('leaves a mark of one pixel with the thinnest brush, wherever it stands', () => {
    const inside = fc.double({ min: 1, max: SIZE - 1, noNaN: true });
    fc.assert(
      fc.property(inside, inside, (x, y) => {
        const p = { x, y };
        const mask = paint((sink) => {
          rasterizeCapsule(p, p, 0.5, slice, sink);
        });
        expect(mask[Math.floor(y) * SIZE + Math.floor(x)]).toBe(1);
      }),
      { seed: 2026 },
    );
  });

  it('has no gap at any speed: the thinnest line touches itself from end to end', () => {
    const inside = fc.integer({ min: 2, max: (SIZE - 2) * 8 }).map((n) => n / 8);
    const within = fc.record({ x: inside, y: inside });
    fc.assert(
      fc.property(within, within, (a, b) => {
        const mask = paint((sink) => {
          rasterizeCapsule(a, b, 0.5, slice, sink);
        });
        const start = Math.floor(a.y) * SIZE + Math.floor(a.x);
        const seen = new Set([start]);
        const queue = [start];
        for (let i = queue.pop(); i !== undefined; i = queue.pop()) {
          for (const dy of [-SIZE, 0, SIZE])
            for (const dx of [-1, 0, 1]) {
              const next = i + dx + dy;
              if (mask[next] === 1 && !seen.has(next)) {
                seen.add(next);
                queue.push(next);
              }
            }
        }
        expect(seen.has(Math.floor(b.y) * SIZE + Math.floor(b.x))).toBe(true);
        expect(seen.size).toBe(mask.reduce((sum, value) => sum + value, 0));
      }),
      { seed: 2026 },
    );
  });

  it('stays in the slice when the pointer leaves it', () => {
    const outside = paint((sink) => {
      rasterizeCapsule({ x: -500, y: -80 }, { x: 4000, y: -60 }, 20, slice, sink);
    });
    expect(outside.every((value) => value === 0)).toBe(true);
  });
});

describe('a lasso', () => {
  const step = fc.integer({ min: -200, max: 900 }).map((n) => n / 7);
  const corner = fc.record({ x: step, y: step });
  it('takes the pixels whose centres lie inside, however it crosses itself', () => {
    let inside = 0;
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 12 }), (points) => {
        const mask = paint((sink) => {
          rasterizePolygon(points, slice, sink);
        });
        for (let y = 0; y < SIZE; y += 1) {
          for (let x = 0; x < SIZE; x += 1) {
            const crossings = points.filter((p, i) => {
              const q = points[(i + 1) % points.length] ?? p;
              const crosses = p.y <= y + 0.5 !== q.y <= y + 0.5;
              return crosses && x + 0.5 >= p.x + ((y + 0.5 - p.y) / (q.y - p.y)) * (q.x - p.x);
            });
            const odd = crossings.length % 2 === 1;
            if (odd) inside += 1;
            const wrong = (mask[y * SIZE + x] === 1) !== odd;
            if (wrong && !onEdge(points, x + 0.5, y + 0.5))
              expect({ x, y }).toBe('as the reference');
          }
        }
      }),
      { numRuns: 150, seed: 2026 },
    );
    expect(inside).toBeGreaterThan(50_000);
  });
});

function onEdge(points: readonly Point[], x: number, y: number): boolean {
  return points.some((p, i) => distance2(x, y, p, points[(i + 1) % points.length] ?? p) < 1e-9);
}
