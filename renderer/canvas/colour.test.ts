import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { OverlayColour, type OverlayLook } from './overlay-colour';
import { RawColour } from './raw-colour';
import { defaultLayers, type Layers } from './view-types';

const grey = (pixel: number | undefined): number => (pixel ?? 0) & 255;
const row = { x: 0, y: 0, width: 256, height: 1 };

function overlay(
  changes: Partial<OverlayLook>,
  labels: number[] | null,
  probability: number[] | null,
  earlier: number[] | null = null,
): { colour: string; alpha: number }[] {
  const tile = (values: number[] | null): Uint8Array | null => {
    if (!values) return null;
    const pixels = new Uint8Array(TILE_PIXELS);
    pixels.set(values);
    return pixels;
  };
  const out = new Uint32Array(TILE_PIXELS);
  const look = { layers: defaultLayers, classes: [], threshold: 0.5, comparedThreshold: null };
  new OverlayColour({ ...look, ...changes }).colour(
    tile(labels),
    tile(probability),
    tile(earlier),
    row,
    out,
  );
  return Array.from(out.subarray(0, 8), (pixel) => {
    const hex = [pixel, pixel >>> 8, pixel >>> 16].map((c) =>
      (c & 255).toString(16).padStart(2, '0'),
    );
    return { colour: `#${hex.join('')}`, alpha: Math.round(((pixel >>> 24) / 255) * 100) / 100 };
  });
}

describe('the mask on screen', () => {
  it('is the label where there is one, else the thresholded prediction', () => {
    const shown = overlay(
      {},
      [0, 0, MEMBRANE, confirmed(MEMBRANE), confirmed(INTERIOR)],
      [127, 128, 0, 0, 255],
    );
    expect(shown.slice(0, 5).map(({ alpha }) => alpha)).toEqual([0, 0.6, 0.6, 0.6, 0]);
    expect(shown[1]?.colour).toBe('#e69f00');
    expect(shown[2]?.colour).toBe('#e69f00');
  });

  it('follows the threshold, also where nobody has labelled', () => {
    const at = (threshold: number) =>
      overlay({ threshold }, null, [10, 100, 200])
        .slice(0, 3)
        .map(({ alpha }) => alpha > 0);
    expect(at(0.1)).toEqual([false, true, true]);
    expect(at(0.6)).toEqual([false, false, true]);
    expect(at(0.9)).toEqual([false, false, false]);
    expect(at(0)).toEqual([true, true, true]);
  });

  it('shows nothing where there is neither label nor prediction, even at threshold 0', () => {
    expect(
      overlay({ threshold: 0 }, [0, MEMBRANE], null)
        .map(({ alpha }) => alpha)
        .slice(0, 2),
    ).toEqual([0, 0.6]);
  });

  it('lets a painted interior be seen as a correction', () => {
    const [painted] = overlay({}, [INTERIOR], [255]);
    expect(painted?.colour).toBe('#009e73');
    expect(painted?.alpha).toBeGreaterThan(0.05);
    expect(painted?.alpha).toBeLessThan(0.3);
  });

  it('hatches what is confirmed and tints what is painted in the review layer', () => {
    const layers: Layers = {
      ...defaultLayers,
      mask: { ...defaultLayers.mask, visible: false },
      review: { ...defaultLayers.review, visible: true },
    };
    const stripes = overlay(
      { layers },
      Array.from({ length: 8 }, () => confirmed(INTERIOR)),
      null,
    );
    expect(new Set(stripes.map(({ alpha }) => alpha)).size).toBe(2);
    const painted = overlay(
      { layers },
      Array.from({ length: 8 }, () => INTERIOR),
      null,
    );
    expect(new Set(painted.map(({ alpha }) => alpha)).size).toBe(1);
    expect(overlay({ layers }, [0], [255])[0]?.alpha).toBe(0);
  });

  it('marks what flipped since an earlier model, both ways, but no labelled pixel', () => {
    const shown = overlay(
      { comparedThreshold: 0.5 },
      [0, 0, 0, MEMBRANE],
      [255, 0, 255, 0],
      [0, 255, 255, 255],
    );
    expect(shown.slice(0, 4).map(({ colour }) => colour)).toEqual([
      '#cc79a7',
      '#0072b2',
      '#e69f00',
      '#e69f00',
    ]);
  });
});

describe('raw values', () => {
  it.each([
    ['bytes', Uint8Array.of(10, 60, 110, 255)],
    ['signed bytes', Int8Array.of(10, 60, 110, 127)],
    ['words', Uint16Array.of(10, 60, 110, 60_000)],
    ['signed words', Int16Array.of(10, 60, 110, 30_000)],
    ['floats', Float32Array.of(10, 60.1, 110, 1e30)],
  ])('of %s go from black to white through the window', (_, pixels) => {
    const out = new Uint32Array(4);
    new RawColour({ min: 10, max: 110, gamma: 1 }).colour(pixels, out);
    expect([...out].map(grey)).toEqual([0, 128, 255, 255]);
    expect(out.every((pixel) => pixel >>> 24 === 255)).toBe(true);
  });

  it('that are no numbers are black, and gamma lifts the middle', () => {
    const out = new Uint32Array(4);
    new RawColour({ min: 0, max: 1, gamma: 1 }).colour(
      Float32Array.of(NaN, -Infinity, Infinity, 0.5),
      out,
    );
    expect([...out].map(grey)).toEqual([0, 0, 255, 128]);
    new RawColour({ min: -50, max: 50, gamma: 2 }).colour(Int16Array.of(-60, 0, 50, 9), out);
    expect(grey(out[1])).toBeGreaterThan(170);
  });
});
