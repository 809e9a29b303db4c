import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE } from '#contract/label-byte';
import { TILE_PIXELS } from '#contract/tiles';
import { OverlayColour } from './overlay/overlay-colour';
import type { OverlayLook } from './overlay/overlay-look';
import { defaultLayers } from './view-types';

const [MITO, VESICLE] = [3, 5];
const colours = { [MEMBRANE]: '#e69f00', [MITO]: '#f0e442', [VESICLE]: '#0072b2' };
const look: OverlayLook = {
  layers: defaultLayers,
  classes: Object.entries(colours).map(([id, colour]) => ({ id: Number(id), colour })),
  mask: { pixel: 0.5, cells: 0.5 },
  found: [
    { id: MITO, name: 'mitochondria', from: 100 },
    { id: VESICLE, name: 'vesicles', from: 200 },
  ],
  hidden: new Set(),
  comparedMask: null,
  contour: false,
  differences: false,
};

const tile = (values: readonly number[]): Uint8Array => {
  const pixels = new Uint8Array(TILE_PIXELS);
  pixels.set(values);
  return pixels;
};

/** The colours of the first pixels of a row, `#rrggbb` and how much they cover. */
function drawn(
  change: Partial<OverlayLook>,
  pixels: {
    readonly labels?: readonly number[];
    readonly membrane: readonly number[];
    readonly classes: readonly (readonly number[] | null)[];
  },
): string[] {
  const out = new Uint32Array(TILE_PIXELS);
  const tiles = {
    labels: pixels.labels ? tile(pixels.labels) : null,
    probability: tile(pixels.membrane),
    classes: pixels.classes.map((map) => map && tile(map)),
    ...{ line: null, earlier: null, truth: null },
  };
  const row = { x: 0, y: 0, width: 64, height: 1 };
  new OverlayColour({ ...look, ...change }).colour(tiles, row, out);
  return Array.from(out.subarray(0, pixels.membrane.length), (pixel) => {
    const hex = [pixel, pixel >>> 8, pixel >>> 16].map((c) =>
      (c & 255).toString(16).padStart(2, '0'),
    );
    const cover = Math.round(((pixel >>> 24) / 255) * 100);
    return cover === 0 ? '–' : `#${hex.join('')} ${String(cover)}`;
  });
}

describe('classes beside membrane on the screen', () => {
  it('have their colour where their map reaches its threshold, and share a pixel with membrane in stripes', () => {
    const [none, mito, both, wall, apart] = drawn(
      {},
      {
        membrane: [0, 0, 0, 255, 255],
        classes: [
          [99, 100, 255, 255, 0],
          [199, 0, 200, 0, 0],
        ],
      },
    );
    expect([none, mito, apart]).toEqual(['–', '#f0e442 60', '#e69f00 60']);
    // Three fifths of the upper one, and of the rest three fifths of the lower.
    expect(both).toBe('#abc362 84');
    expect(wall).toBe('#e9b313 84');
    // The ninth pixel lies on a stripe: there the lower one is on top, so that both are seen.
    const nine = (value: number): number[] => Array.from({ length: 9 }, () => value);
    const striped = drawn({}, { membrane: nine(255), classes: [nine(255), null] });
    expect([striped[7], striped[8]]).toEqual(['#e9b313 84', '#edd02f 84']);
  });

  it('give way to what was painted, and lie over interior that was confirmed', () => {
    const shown = drawn(
      {},
      {
        labels: [INTERIOR, VESICLE, confirmed(INTERIOR), confirmed(MITO), MITO],
        membrane: [0, 0, 255, 0, 0],
        classes: [[255, 255, 255, 0, 0], null],
      },
    );
    expect(shown.slice(1)).toEqual(['#0072b2 60', '#f0e442 60', '#f0e442 60', '#f0e442 60']);
    expect(shown[0]).toBe('–');
  });

  it('that are hidden are not drawn, painted or found; membrane too', () => {
    const pixels = {
      labels: [MITO, 0, MEMBRANE, 0],
      membrane: [0, 0, 0, 255],
      classes: [[0, 255, 0, 255], null],
    };
    expect(drawn({ hidden: new Set([MITO]) }, pixels)).toEqual([
      ...['–', '–'],
      ...['#e69f00 60', '#e69f00 60'],
    ]);
    expect(drawn({ hidden: new Set([MEMBRANE]) }, pixels)).toEqual([
      ...['#f0e442 60', '#f0e442 60'],
      ...['–', '#f0e442 60'],
    ]);
  });

  it('are outlined together with what was painted of them', () => {
    const shown = drawn(
      { contour: true },
      {
        labels: [0, 0, MITO, MITO, MITO, 0, 0, 0],
        membrane: [0, 0, 0, 0, 0, 0, 0, 0],
        classes: [[0, 255, 255, 255, 255, 255, 255, 0], null],
      },
    );
    // One row of a tile: every pixel borders on the next row, where there is nothing.
    expect(shown.map((pixel) => pixel.startsWith('#f0e442'))).toEqual([
      ...[false, true, true, true],
      ...[true, true, true, false],
    ]);
  });
});
