import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentsOf, framedMask, type FramedMask } from './components';
import { simplePoints } from './simple-points';
import { warp } from './warp';
import { warpingError, warpSlice } from './warping';

const mask = (width: number, height: number): fc.Arbitrary<FramedMask> =>
  fc
    .array(fc.constantFrom(0, 1, 1), { minLength: width * height, maxLength: width * height })
    .map((pixels) =>
      framedMask(
        Uint8Array.from(pixels, (value) => 1 - value),
        1,
        width,
        height,
      ),
    );

const pairs = fc
  .record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) })
  .chain(({ width, height }) =>
    fc.record({
      source: mask(width, height),
      target: mask(width, height),
      confidence: fc
        .array(fc.float({ min: 0, max: 1, noNaN: true }), {
          minLength: (width + 2) * (height + 2),
          maxLength: (width + 2) * (height + 2),
        })
        .map((values) => Float32Array.from(values)),
    }),
  );

/** Pieces of membrane, 8-connected; what is outside is membrane too. */
function membranePieces({ inside, height }: FramedMask): number {
  const stride = height + 2;
  const seen = new Set<number>();
  let count = 0;
  inside.forEach((value, start) => {
    if (value === 1 || seen.has(start)) return;
    count++;
    const piece = [start];
    seen.add(start);
    for (const p of piece)
      for (const dx of [-1, 0, 1])
        for (const dy of [-1, 0, 1]) {
          const y = (p % stride) + dy;
          const q = p + dx * stride + dy;
          if (y < 0 || y >= stride || inside[q] !== 0 || seen.has(q)) continue;
          seen.add(q);
          piece.push(q);
        }
  });
  return count;
}

function around({ inside, height }: FramedMask, p: number): number {
  const stride = height + 2;
  const ring = [-stride - 1, -stride, 1 - stride, 1, stride + 1, stride, stride - 1, -1];
  return ring.reduce((bits, offset, k) => bits | ((inside[p + offset] ?? 0) << k), 0);
}

describe('warping', () => {
  it('keeps the number of cells and of holes, and stops only when nothing more can be flipped', () => {
    fc.assert(
      fc.property(pairs, ({ source, target, confidence }) => {
        const { mask: warped, left } = warp(source, target, confidence);
        expect(componentsOf(warped).count).toBe(componentsOf(source).count);
        expect(membranePieces(warped)).toBe(membranePieces(source));
        const differing = [...warped.inside.keys()].filter(
          (p) => warped.inside[p] !== target.inside[p],
        );
        expect([...left].sort((a, b) => a - b)).toEqual(differing);
        for (const p of left) expect(simplePoints[around(warped, p)]).toBe(0);
      }),
      { numRuns: 300, seed: 2026 },
    );
  });

  it('flips the most confident first', () => {
    // A wall of two columns is gone from the prediction; one column must stay, and it is the less certain one.
    for (const [sure, unsure] of [
      [2, 3],
      [3, 2],
    ] as const) {
      const width = 6;
      const truth = framedMask(
        Uint8Array.from({ length: width * 4 }, (_, i) =>
          i % width === 2 || i % width === 3 ? 1 : 0,
        ),
        1,
        width,
        4,
      );
      const all = framedMask(new Uint8Array(width * 4), 1, width, 4);
      const confidence = Float32Array.from({ length: (width + 2) * 6 }, (_, p) =>
        Math.floor(p / 6) - 1 === sure ? 0.4 : 0.3,
      );
      const { left } = warp(truth, all, confidence);
      expect([...left].map((p) => Math.floor(p / 6) - 1)).toEqual([unsure, unsure, unsure, unsure]);
    }
  });

  it('pools pixels and counts errors over slices', () => {
    const size = 16;
    const walls = (extra: (x: number, y: number) => number | undefined) => ({
      probability: Float32Array.from({ length: size * size }, (_, i) => {
        const [x, y] = [i % size, Math.floor(i / size)];
        return extra(x, y) ?? (x === 7 ? 1 : 0);
      }),
      truth: Uint8Array.from({ length: size * size }, (_, i) => (i % size === 7 ? 1 : 0)),
      width: size,
      height: size,
    });
    const slices = [
      walls(() => undefined),
      walls((x, y) => (x === 7 && (y === 3 || y === 12) ? 0 : undefined)),
      walls((x, y) => (x === 12 && y === 8 ? 1 : undefined)),
    ];
    expect(warpingError(slices.map((slice) => warpSlice(slice, 0.5)))).toEqual({
      error: 3 / (3 * size * size),
      merges: 2,
      splits: 1,
    });
  });
});
