import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SQUARE } from '#labels/rasterize';
import { sizeAtLevel, tileCount } from '#contract/tiles';
import {
  centredOn,
  coveredBy,
  deviceRect,
  fitted,
  levelFor,
  panned,
  toImage,
  toView,
  visibleRect,
  zoomedAt,
  type ViewGeometry,
} from './view-geometry';

const size = fc.integer({ min: 1, max: 5000 });
const part = fc.double({ min: 0, max: 1, noNaN: true });
const geometry: fc.Arbitrary<ViewGeometry> = fc
  .record({
    viewWidth: fc.integer({ min: 50, max: 3000 }),
    viewHeight: fc.integer({ min: 50, max: 2000 }),
    pixelRatio: fc.constantFrom(1, 1.25, 1.5, 2, 3),
    imageWidth: size,
    imageHeight: size,
    stretch: fc.constantFrom(SQUARE, SQUARE, { x: 1, y: 6.25 }, { x: 3.5, y: 1 }, { x: 1, y: 0.5 }),
    power: fc.double({ min: -5, max: 5, noNaN: true }),
    x: part,
    y: part,
  })
  .map(({ power, x, y, ...rest }) => ({
    ...rest,
    zoom: 2 ** power,
    centre: { x: x * rest.imageWidth, y: y * rest.imageHeight },
  }));

describe('the view', () => {
  it('finds the image point under the pointer, and back', () => {
    fc.assert(
      fc.property(geometry, part, part, (g, x, y) => {
        const at = { x: x * g.viewWidth, y: y * g.viewHeight };
        const back = toView(g, toImage(g, at));
        expect(back.x).toBeCloseTo(at.x, 6);
        expect(back.y).toBeCloseTo(at.y, 6);
      }),
      { seed: 2026 },
    );
  });

  it('keeps the image point under the pointer while it zooms, unless the centre would leave the slice', () => {
    let kept = 0;
    fc.assert(
      fc.property(
        geometry,
        part,
        part,
        fc.double({ min: 0.3, max: 3, noNaN: true }),
        (g, x, y, factor) => {
          const at = { x: x * g.viewWidth, y: y * g.viewHeight };
          const next = zoomedAt(g, at, g.zoom * factor);
          const { centre } = next;
          if (
            centre.x <= 0 ||
            centre.y <= 0 ||
            centre.x >= g.imageWidth ||
            centre.y >= g.imageHeight
          )
            return;
          const before = toImage(g, at);
          const after = toImage(next, at);
          expect(Math.hypot(after.x - before.x, after.y - before.y)).toBeLessThan(1e-6);
          kept += 1;
        },
      ),
      { numRuns: 500, seed: 2026 },
    );
    expect(kept).toBeGreaterThan(20);
  });

  it('shows all of a fitted slice, in the middle', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const fit = fitted(g);
        const from = toView(fit, { x: 0, y: 0 });
        const to = toView(fit, { x: g.imageWidth, y: g.imageHeight });
        expect(Math.min(from.x, from.y)).toBeGreaterThanOrEqual(0);
        expect(to.x).toBeLessThanOrEqual(g.viewWidth);
        expect(to.y).toBeLessThanOrEqual(g.viewHeight);
        expect(from.x + to.x).toBeCloseTo(g.viewWidth, 6);
      }),
      { seed: 2026 },
    );
  });

  it('moves with the hand, and never loses the slice', () => {
    const g: ViewGeometry = {
      ...{ viewWidth: 800, viewHeight: 600, pixelRatio: 1, imageWidth: 2000, imageHeight: 1000 },
      zoom: 2,
      stretch: SQUARE,
      centre: { x: 1000, y: 500 },
    };
    expect(panned(g, 100, -40).centre).toEqual({ x: 950, y: 520 });
    expect(panned(g, 99_999, 0).centre).toEqual({ x: 0, y: 500 });
    expect(centredOn(g, { x: 5000, y: -3 }).centre).toEqual({ x: 2000, y: 0 });
  });

  it('draws a plane as thick as its slices are, and moves it with the hand', () => {
    const g: ViewGeometry = {
      ...{ viewWidth: 800, viewHeight: 600, pixelRatio: 2, imageWidth: 400, imageHeight: 50 },
      zoom: 2,
      stretch: { x: 1, y: 5 },
      centre: { x: 200, y: 25 },
    };
    expect(deviceRect(g, { x: 200, y: 25, width: 1, height: 1 })).toEqual({
      ...{ x: 800, y: 600, width: 4, height: 20 },
    });
    expect(panned(g, 20, 20).centre).toEqual({ x: 190, y: 23 });
    const fit = fitted(g);
    expect(fit.zoom * 400).toBeCloseTo(800 * 0.97, 6);
  });

  it('draws from a level with at least a pixel for every device pixel, and less than four', () => {
    let reduced = 0;
    fc.assert(
      fc.property(geometry, (g) => {
        const level = levelFor(g, 12);
        const longest = Math.max(g.stretch.x, g.stretch.y);
        const devicePixels = g.zoom * g.pixelRatio * longest * 2 ** level;
        if (level === 0) return;
        reduced += 1;
        expect(devicePixels).toBeLessThanOrEqual(1.0001);
        expect(devicePixels).toBeGreaterThan(0.4999);
      }),
      { numRuns: 500, seed: 2026 },
    );
    expect(reduced).toBeGreaterThan(10);
  });

  it('puts tiles side by side on whole device pixels, without a gap or an overlap', () => {
    fc.assert(
      fc.property(geometry, fc.nat(3), (g, level) => {
        const across = tileCount(sizeAtLevel(g.imageWidth, level));
        const down = tileCount(sizeAtLevel(g.imageHeight, level));
        const edges = deviceRect(g, { x: 0, y: 0, width: g.imageWidth, height: g.imageHeight });
        let x = edges.x;
        for (let tx = 0; tx < across; tx += 1) {
          const rect = deviceRect(g, coveredBy(g, level, tx, down - 1));
          expect(rect.x).toBe(x);
          expect(Number.isInteger(rect.x)).toBe(true);
          x = rect.x + rect.width;
        }
        expect(x).toBe(edges.x + edges.width);
      }),
      { seed: 2026 },
    );
  });

  it('knows what is in sight', () => {
    fc.assert(
      fc.property(geometry, part, part, (g, x, y) => {
        const rect = visibleRect(g);
        const at = toImage(g, { x: x * g.viewWidth, y: y * g.viewHeight });
        const onSlice = at.x > 0 && at.y > 0 && at.x < g.imageWidth && at.y < g.imageHeight;
        const inside =
          at.x >= rect.x &&
          at.y >= rect.y &&
          at.x <= rect.x + rect.width &&
          at.y <= rect.y + rect.height;
        if (onSlice) expect(inside).toBe(true);
      }),
      { seed: 2026 },
    );
  });
});
