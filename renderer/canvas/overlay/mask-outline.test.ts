import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEMBRANE } from '#contract/label-byte';
import { TILE_PIXELS, TILE_SIZE, type Rect } from '#contract/tiles';
import { grownInTile, isOutline } from './mask-outline';
import { OverlayColour } from './overlay-colour';
import type { OverlayLook } from './overlay-look';
import { defaultLayers } from '../view-types';

const look: OverlayLook = {
  layers: defaultLayers,
  classes: [],
  mask: { pixel: 0.5, cells: 0.5 },
  found: [],
  hidden: new Set(),
  comparedMask: null,
  contour: true,
  differences: false,
};
const whole: Rect = { x: 0, y: 0, width: TILE_SIZE, height: TILE_SIZE };
const nothing = { probability: null, line: null, earlier: null, truth: null };
const extent = { width: TILE_SIZE, height: TILE_SIZE };

function filled(labels: Uint8Array, rect: Rect, label: number): void {
  for (let y = rect.y; y < rect.y + rect.height; y += 1)
    labels.fill(label, y * TILE_SIZE + rect.x, y * TILE_SIZE + rect.x + rect.width);
}

function drawn(labels: Uint8Array, rect = whole, size = extent): Uint32Array {
  const out = new Uint32Array(TILE_PIXELS);
  new OverlayColour(look).colour({ ...nothing, labels }, rect, out, size);
  return out;
}

describe('the outline of the mask', () => {
  it('of a square is its rim, and nothing within', () => {
    const labels = new Uint8Array(TILE_PIXELS);
    filled(labels, { x: 100, y: 50, width: 10, height: 10 }, MEMBRANE);
    const lit = [...drawn(labels)].filter((pixel) => pixel >>> 24 > 0);
    expect(lit).toHaveLength(36);
  });

  it('does not follow the edge of a tile, nor that of the slice', () => {
    const labels = new Uint8Array(TILE_PIXELS);
    filled(labels, { x: 0, y: 0, width: 300, height: 200 }, MEMBRANE);
    expect(drawn(labels, whole, { width: 300, height: 200 }).every((pixel) => pixel === 0)).toBe(
      true,
    );
    expect([...drawn(labels)].filter((pixel) => pixel >>> 24 > 0)).toHaveLength(300 + 200 - 1);
  });

  it('follows the prediction as the threshold cuts it', () => {
    const probability = new Uint8Array(TILE_PIXELS);
    filled(probability, { x: 10, y: 10, width: 4, height: 4 }, 200);
    const out = new Uint32Array(TILE_PIXELS);
    new OverlayColour(look).colour({ ...nothing, labels: null, probability }, whole, out);
    expect([...out].filter((pixel) => pixel >>> 24 > 0)).toHaveLength(12);
  });

  it('drawn in parts where labels changed is the same as drawn anew', () => {
    let changed = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ x: fc.nat(500), y: fc.nat(500), side: fc.integer({ min: 1, max: 9 }) }),
          {
            minLength: 2,
            maxLength: 8,
          },
        ),
        (squares) => {
          const labels = new Uint8Array(TILE_PIXELS);
          const out = drawn(labels);
          const colour = new OverlayColour(look);
          squares.forEach(({ x, y, side }, i) => {
            const rect = { x, y, width: side, height: side };
            filled(labels, rect, i % 3 === 2 ? 0 : MEMBRANE);
            colour.colour({ ...nothing, labels }, grownInTile(rect), out, extent);
          });
          const anew = drawn(labels);
          changed += anew.some((pixel) => pixel !== 0) ? 1 : 0;
          expect(Buffer.compare(Buffer.from(out.buffer), Buffer.from(anew.buffer))).toBe(0);
        },
      ),
      { numRuns: 25, seed: 2026 },
    );
    expect(changed).toBeGreaterThan(10);
  });

  it('parts two classes that touch', () => {
    const ids = new Uint8Array(TILE_PIXELS).fill(2);
    filled(ids, { x: 20, y: 0, width: 20, height: TILE_SIZE }, 3);
    const at = (x: number): boolean => isOutline(ids, x, 30, extent);
    expect([18, 19, 20, 21, 39, 40, 41].map(at)).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
  });
});
