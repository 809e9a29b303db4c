import { expect, it } from 'vitest';
import { FlatColour } from './flat-colour';
import { OverlayColour } from '../overlay/overlay-colour';
import { TILE_PIXELS } from '#contract/tiles';
import type { OverlayLook } from '../overlay/overlay-look';
import { RawColour } from './raw-colour';
import { defaultLayers } from '../view-types';

const look: OverlayLook = {
  layers: {
    ...defaultLayers,
    prediction: { ...defaultLayers.prediction, visible: true, opacity: 0.5 },
    mask: { ...defaultLayers.mask, visible: true, opacity: 0.6 },
  },
  classes: [],
  found: [],
  hidden: new Set(),
  mask: { pixel: 0.5, cells: 0.5 },
  comparedMask: null,
  contour: false,
  differences: false,
};

/** What a canvas shows when the second picture is drawn over the first, a channel of a pixel. */
function over(below: number, above: number, shift: number): number {
  const alpha = (above >>> 24) / 255;
  return ((below >>> shift) & 255) * (1 - alpha) + ((above >>> shift) & 255) * alpha;
}

it.each([1, 257])(
  'one picture is the prediction drawn over the raw values, pixel by pixel (values × %i)',
  (scale) => {
    const pixels = new (scale === 1 ? Uint8Array : Uint16Array)(TILE_PIXELS);
    for (let i = 0; i < TILE_PIXELS; i += 1) pixels[i] = ((i * 7) & 255) * scale;
    const probability = Uint8Array.from({ length: TILE_PIXELS }, (_, i) => (i >> 8) & 255);
    const raw = new RawColour({ min: 20 * scale, max: 230 * scale, gamma: 1.3, invert: false });
    const overlay = new OverlayColour(look);
    const [below, above, found] = [0, 0, 0].map(() => new Uint32Array(TILE_PIXELS));
    if (!below || !above || !found) throw new Error('no room');
    raw.colour(pixels, below);
    const tiles = { labels: null, probability, line: null, earlier: null, truth: null };
    overlay.colour(tiles, { x: 0, y: 0, width: 512, height: 512 }, above);
    const predicted = overlay.predicted;
    if (predicted === null) throw new Error('the look says nothing of single pixels');
    new FlatColour(predicted).colour(raw, pixels, probability, found);
    let most = 0;
    for (let i = 0; i < TILE_PIXELS; i += 1)
      for (const shift of [0, 8, 16]) {
        const wanted = over(below[i] ?? 0, above[i] ?? 0, shift);
        most = Math.max(most, Math.abs((((found[i] ?? 0) >>> shift) & 255) - wanted));
      }
    expect(most).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(found.every((pixel) => pixel >>> 24 === 255)).toBe(true);
  },
);

it('says nothing of single pixels where the mask is an outline', () => {
  expect(new OverlayColour({ ...look, contour: true }).predicted).toBeNull();
});
