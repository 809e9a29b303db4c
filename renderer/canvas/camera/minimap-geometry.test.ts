import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SQUARE } from '#labels/rasterize';
import { frameOn, isZoomedIn, MAP_EDGE, mapSize, mapToImage } from './minimap-geometry';
import { scaleBar } from './scale-bar';
import { centredOn, fitted, zoomedAt, type ViewGeometry } from './view-geometry';

const view: ViewGeometry = fitted({
  viewWidth: 800,
  viewHeight: 600,
  pixelRatio: 2,
  imageWidth: 4096,
  imageHeight: 2048,
  zoom: 1,
  stretch: SQUARE,
  centre: { x: 0, y: 0 },
});

const anyView = fc
  .record({
    width: fc.integer({ min: 50, max: 3000 }),
    height: fc.integer({ min: 50, max: 3000 }),
    x: fc.double({ min: 0, max: 1, noNaN: true }),
    y: fc.double({ min: 0, max: 1, noNaN: true }),
    zoom: fc.double({ min: 0.05, max: 30, noNaN: true }),
    imageWidth: fc.integer({ min: 16, max: 20_000 }),
    imageHeight: fc.integer({ min: 16, max: 20_000 }),
  })
  .map(({ width, height, x, y, zoom, imageWidth, imageHeight }) =>
    centredOn(
      zoomedAt(
        fitted({ ...view, viewWidth: width, viewHeight: height, imageWidth, imageHeight }),
        { x: 0, y: 0 },
        zoom,
      ),
      { x: x * imageWidth, y: y * imageHeight },
    ),
  );

describe('the map of a slice', () => {
  it('has the shape of the slice', () => {
    expect(mapSize(view)).toEqual({ width: MAP_EDGE, height: MAP_EDGE / 2 });
  });

  it('is of use only while some of the slice is out of sight', () => {
    expect(isZoomedIn(view)).toBe(false);
    expect(isZoomedIn(zoomedAt(view, { x: 400, y: 300 }, 1))).toBe(true);
  });

  it('frames all of a slice that is in sight, and a part where the view stands', () => {
    expect(frameOn(view)).toEqual({ x: 0, y: 0, width: MAP_EDGE, height: MAP_EDGE / 2 });
    const close = centredOn({ ...view, zoom: 1 }, { x: 2048, y: 1024 });
    const { x, width } = frameOn(close);
    expect(x + width / 2).toBeCloseTo(MAP_EDGE / 2);
    expect(width).toBeCloseTo((800 / 4096) * MAP_EDGE);
  });

  it('keeps its frame on the map and wide enough to be seen', () => {
    fc.assert(
      fc.property(anyView, (g) => {
        const size = mapSize(g);
        const { x, y, width, height } = frameOn(g);
        expect(x).toBeGreaterThanOrEqual(0);
        expect(y).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(size.width + 1e-6);
        expect(y + height).toBeLessThanOrEqual(size.height + 1e-6);
        expect(Math.min(width, height)).toBeGreaterThanOrEqual(
          Math.min(8, size.height, size.width) - 1e-6,
        );
      }),
      { seed: 2026 },
    );
  });

  it('leads where it is pressed', () => {
    expect(mapToImage(view, { x: MAP_EDGE, y: 0 })).toEqual({ x: 4096, y: 0 });
    expect(mapToImage(view, { x: MAP_EDGE / 2, y: MAP_EDGE / 4 })).toEqual({ x: 2048, y: 1024 });
  });
});

describe('the scale bar', () => {
  it('is as long as it says, in a round length that fits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 1000, noNaN: true }),
        fc.double({ min: 0.01, max: 64, noNaN: true }),
        (pixelSize, scale) => {
          const { length, width } = scaleBar(pixelSize, scale);
          expect(width).toBeCloseTo((length / pixelSize) * scale, 6);
          expect(width).toBeLessThanOrEqual(110 + 1e-6);
          expect(width).toBeGreaterThan(110 / 2.5 - 1e-6);
          const digit = Number(length.toExponential(3).split('e')[0]);
          expect([1, 2, 5]).toContain(digit);
        },
      ),
      { seed: 2026 },
    );
  });

  it('at 4.6 nm a pixel and 1:1 shows half a micrometre', () => {
    expect(scaleBar(4.6, 1)).toMatchObject({ length: 500 });
  });
});
