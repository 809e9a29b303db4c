import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, VOID } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { OverlayColour } from '../overlay/overlay-colour';
import type { OverlayLook } from '../overlay/overlay-look';
import { brightness, RawColour } from './raw-colour';
import { uncertaintyOf } from '../overlay/uncertainty';
import { defaultLayers, type Layers } from '../view-types';

const grey = (pixel: number | undefined): number => (pixel ?? 0) & 255;
const row = { x: 0, y: 0, width: 256, height: 1 };

const plainLook: OverlayLook = {
  layers: defaultLayers,
  classes: [],
  mask: { pixel: 0.5, cells: 0.5 },
  found: [],
  hidden: new Set(),
  comparedMask: null,
  contour: false,
  differences: false,
};
const hiddenMask: Layers = {
  ...defaultLayers,
  mask: { ...defaultLayers.mask, visible: false },
};

function overlay(
  changes: Partial<OverlayLook>,
  labels: number[] | null,
  probability: number[] | null,
  earlier: number[] | null = null,
  truth: number[] | null = null,
  line: number[] | null = null,
): { colour: string; alpha: number }[] {
  const tile = (values: number[] | null): Uint8Array | null => {
    if (!values) return null;
    const pixels = new Uint8Array(TILE_PIXELS);
    pixels.set(values);
    return pixels;
  };
  const out = new Uint32Array(TILE_PIXELS);
  const tiles = {
    labels: tile(labels),
    probability: tile(probability),
    line: tile(line),
    earlier: tile(earlier),
    truth: tile(truth),
  };
  new OverlayColour({ ...plainLook, ...changes }).colour(tiles, row, out);
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
      overlay({ mask: { pixel: threshold, cells: threshold } }, null, [10, 100, 200])
        .slice(0, 3)
        .map(({ alpha }) => alpha > 0);
    expect(at(0.1)).toEqual([false, true, true]);
    expect(at(0.6)).toEqual([false, false, true]);
    expect(at(0.9)).toEqual([false, false, false]);
    expect(at(0)).toEqual([true, true, true]);
  });

  it('is drawn on its line as on its pixels, and leaves the prediction its own value', () => {
    const layers = { ...defaultLayers, prediction: { ...defaultLayers.prediction, visible: true } };
    const mask = { pixel: 0.5, cells: 0.1 };
    const line = [0, 255, 255, 0, 255];
    const [labels, map] = [
      [0, 0, 0, 0, INTERIOR],
      [60, 60, 200, 200, 60],
    ];
    const shown = overlay({ mask }, labels, map, null, null, line);
    expect(shown.slice(0, 4).map(({ alpha }) => alpha)).toEqual([0, 0.6, 0.6, 0.6]);
    expect(shown[4]).toEqual(overlay({ mask }, labels, map)[4]);
    const unlabelled = overlay({ mask }, null, map, null, null, line);
    expect(unlabelled.slice(0, 4)).toEqual(shown.slice(0, 4));
    const hidden = { ...layers, mask: { ...layers.mask, visible: false } };
    expect(overlay({ mask, layers: hidden }, null, map, null, null, line)).toEqual(
      overlay({ mask, layers: hidden }, null, map),
    );
  });

  it('shows nothing where there is neither label nor prediction, even at threshold 0', () => {
    expect(
      overlay({ mask: { pixel: 0, cells: 0 } }, [0, MEMBRANE], null)
        .map(({ alpha }) => alpha)
        .slice(0, 2),
    ).toEqual([0, 0.6]);
  });

  it('paints every class in the colour of its swatch, interior too, a breath of it', () => {
    const classes = [
      { id: INTERIOR, colour: '#0072b2' },
      { id: MEMBRANE, colour: '#d55e00' },
      { id: 3, colour: '#f0e442' },
    ];
    const shown = overlay({ classes }, [INTERIOR, MEMBRANE, 3], [255, 0, 0]);
    expect(shown.slice(0, 3).map(({ colour }) => colour)).toEqual(
      classes.map(({ colour }) => colour),
    );
    const [painted] = shown;
    expect(painted?.alpha).toBeGreaterThan(0.05);
    expect(painted?.alpha).toBeLessThan(0.3);
  });

  it('hatches what is confirmed and tints what is painted in the review layer', () => {
    const layers: Layers = {
      ...hiddenMask,
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
      { comparedMask: { pixel: 0.5, cells: 0.5 } },
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

describe('classes', () => {
  const classes = [
    { id: MEMBRANE, colour: '#112233' },
    { id: 3, colour: '#0072b2' },
  ];

  it('show in the colours that the user gave them, painted and confirmed', () => {
    const shown = overlay({ classes }, [MEMBRANE, 3, confirmed(3), 0], [0, 0, 0, 255]);
    expect(shown.slice(0, 4).map(({ colour }) => colour)).toEqual([
      '#112233',
      '#0072b2',
      '#0072b2',
      '#112233',
    ]);
  });

  it('that were taken away show nothing, and void is hatched', () => {
    expect(overlay({ classes: [] }, [3], null)[0]?.alpha).toBe(0);
    const hatched = overlay(
      {},
      Array.from({ length: 8 }, () => VOID),
      null,
    );
    expect(new Set(hatched.map(({ alpha }) => alpha))).toEqual(new Set([0.36, 0.6]));
  });
});

describe('uncertainty', () => {
  it('is greatest at one half and nothing where the model is sure', () => {
    expect([0, 255].map(uncertaintyOf)).toEqual([0, 0]);
    expect(uncertaintyOf(127.5)).toBe(1);
    expect(uncertaintyOf(64)).toBeCloseTo(uncertaintyOf(191), 2);
  });

  it('glows where nobody has looked, more the less the model knows', () => {
    const layers: Layers = {
      ...hiddenMask,
      uncertainty: { ...defaultLayers.uncertainty, visible: true },
    };
    const alphas = overlay({ layers }, null, [0, 64, 128, 191, 255]).map(({ alpha }) => alpha);
    expect([alphas[0], alphas[4]]).toEqual([0, 0]);
    expect(alphas[1]).toBeGreaterThan(0.3);
    expect(alphas[2]).toBeGreaterThan(alphas[1]!);
    expect(alphas[3]).toBeCloseTo(alphas[1]!, 1);
    expect(overlay({ layers }, [MEMBRANE], [128])[0]?.alpha).toBe(0);
    expect(overlay({ layers }, [0], null)[0]?.alpha).toBe(0);
  });
});

describe('the truth', () => {
  const layers: Layers = { ...defaultLayers, truth: { ...defaultLayers.truth, visible: true } };

  it('lies above everything where it has membrane, and only while it is shown', () => {
    const shown = overlay({ layers }, null, [0, 0, 255], null, [0, 255, 255]);
    expect(shown[0]?.alpha).toBe(0);
    expect(shown[1]).toEqual({ colour: '#56b4e9', alpha: 0.6 });
    expect(shown[2]?.alpha).toBeGreaterThan(0.6);
    expect(overlay({}, null, [0, 0], null, [0, 255])[1]?.alpha).toBe(0);
  });

  it('shows its differences from the mask, labels before prediction', () => {
    const differences = overlay(
      { layers: { ...layers, mask: hiddenMask.mask }, differences: true },
      [0, 0, 0, 0, MEMBRANE, INTERIOR, 3],
      [255, 255, 0, 0, 0, 255, 255],
      null,
      [255, 0, 255, 0, 0, 255, 0],
    );
    expect(differences.slice(0, 4).map(({ alpha }) => alpha)).toEqual([0, 0.9, 0.9, 0]);
    expect(differences[1]?.colour).toBe('#cc79a7');
    expect(differences[2]?.colour).toBe('#0072b2');
    expect(differences[4]?.colour).toBe('#cc79a7');
    expect(differences[5]?.alpha).toBeGreaterThan(0);
    expect(differences[6]?.alpha).toBe(0);
  });

  it('differs from nothing where there is no mask', () => {
    const shown = overlay({ layers, differences: true }, [0, MEMBRANE], null, null, [255, 0]);
    expect(shown[0]?.alpha).toBe(0);
    expect(shown[1]?.colour).not.toBe('#e69f00');
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
    new RawColour({ min: 10, max: 110, gamma: 1, invert: false }).colour(pixels, out);
    expect([...out].map(grey)).toEqual([0, 128, 255, 255]);
    expect(out.every((pixel) => pixel >>> 24 === 255)).toBe(true);
  });

  it('that are no numbers are black, and gamma lifts the middle', () => {
    const out = new Uint32Array(4);
    new RawColour({ min: 0, max: 1, gamma: 1, invert: false }).colour(
      Float32Array.of(NaN, -Infinity, Infinity, 0.5),
      out,
    );
    expect([...out].map(grey)).toEqual([0, 0, 255, 128]);
    new RawColour({ min: -50, max: 50, gamma: 2, invert: false }).colour(
      Int16Array.of(-60, 0, 50, 9),
      out,
    );
    expect(grey(out[1])).toBeGreaterThan(170);
  });

  it('turn round when black and white are swapped', () => {
    const pixels = Uint8Array.of(0, 10, 60, 110, 255);
    const [straight, inverted] = [new Uint32Array(5), new Uint32Array(5)];
    new RawColour({ min: 10, max: 110, gamma: 1.7, invert: false }).colour(pixels, straight);
    new RawColour({ min: 10, max: 110, gamma: 1.7, invert: true }).colour(pixels, inverted);
    for (let i = 0; i < 5; i += 1)
      expect(Math.abs(grey(straight[i]) + grey(inverted[i]) - 255)).toBeLessThanOrEqual(1);
    expect(inverted.every((pixel) => pixel >>> 24 === 255)).toBe(true);
  });

  it('bend without leaving black and white', () => {
    for (const gamma of [0.2, 1, 5])
      for (const invert of [false, true]) {
        const ends = [brightness(-1, { gamma, invert }), brightness(2, { gamma, invert })];
        expect(ends).toEqual(invert ? [1, 0] : [0, 1]);
      }
    expect(brightness(0.5, { gamma: 2, invert: false })).toBeGreaterThan(0.7);
    expect(brightness(0.5, { gamma: 0.5, invert: false })).toBeLessThan(0.3);
  });
});
