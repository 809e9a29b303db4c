import { describe, expect, it } from 'vitest';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { channelsOf } from '../draw/colour-mix';
import { cellColourOf, cellColours, IdColour } from './id-colour';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const times = (matrix: Matrix, [x, y, z]: Triple): Triple => {
  const row = ([a, b, c]: Triple): number => a * x + b * y + c * z;
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};
const linear = (byte: number): number => {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** What red-blind and green-blind eyes see of linear RGB (Machado 2009, severity 1). */
const eyes: readonly Matrix[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
];

/** OKLab of linear RGB (Ottosson 2020). */
function okLab(rgb: Triple): Triple {
  const clipped = rgb.map((one) => Math.min(1, Math.max(0, one)));
  const [r = 0, g = 0, b = 0] = clipped;
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    [r, g, b],
  );
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [Math.cbrt(cones[0]), Math.cbrt(cones[1]), Math.cbrt(cones[2])],
  );
}

describe('colours of cells', () => {
  it('can be told apart by normal, red-blind and green-blind eyes', () => {
    for (const eye of eyes) {
      const seen = cellColours.map((colour) => {
        const [r, g, b] = channelsOf(colour);
        return okLab(times(eye, [linear(r), linear(g), linear(b)]));
      });
      for (const [i, a] of seen.entries())
        for (const b of seen.slice(i + 1))
          expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.08);
    }
  });

  it('are spread over ids, neighbours in number and ids above 2²⁴ too, and never change', () => {
    const counts = new Array<number>(cellColours.length).fill(0);
    for (let id = 1; id <= 18_000; id += 1) {
      const colour = cellColourOf(id);
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1200);
    const large = [16_777_216, 16_777_217, 16_777_218, 16_777_219, 2 ** 32 - 1];
    expect(new Set(large.map(cellColourOf)).size).toBeGreaterThan(3);
    // What a project shows today it shows tomorrow.
    expect([1, 2, 3, 1000, 16_777_217, 2 ** 32 - 1].map(cellColourOf)).toEqual([
      ...[7, 4, 7, 6, 1, 13],
    ]);
  });

  it('fill cells, or follow their outlines; no cell is transparent', () => {
    const ids = new Uint32Array(TILE_PIXELS);
    for (let y = 2; y < 8; y += 1)
      for (let x = 2; x < 8; x += 1) ids[y * TILE_SIZE + x] = x < 5 ? 16_777_217 : 16_777_218;
    const extent = { width: TILE_SIZE, height: TILE_SIZE };
    const out = new Uint32Array(TILE_PIXELS).fill(9);
    new IdColour({ opacity: 0.5 }, false).colour(ids, out, extent);
    const at = (x: number, y: number): number => out[y * TILE_SIZE + x] ?? 0;
    expect(at(0, 0)).toBe(0);
    expect(at(3, 3) >>> 24).toBe(128);
    expect(at(3, 3)).not.toBe(at(6, 3));
    new IdColour({ opacity: 0.5 }, true).colour(ids, out, extent);
    expect(at(3, 4)).toBe(0);
    expect(at(4, 4) >>> 24).toBe(217);
    expect(at(2, 4)).toBe(at(4, 2));
    expect(at(0, 0)).toBe(0);
  });
});
