import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, painted } from '#contract/label-byte';
import { holdBack, type PaintedSlice } from './hold-back';
import { strokes, STROKES_SIDE as side } from '../jobs/testing/strokes';
import { checkable, isPainted, learnable, UNSURE } from './training-set';

const weights = { confirmed: 0.02, pseudo: 0.01, replay: 0.08 };
/** Everything that is painted mends something. */
const unsure = new Uint8Array(side * side).fill(UNSURE);
const count = (values: Uint8Array): number => values.reduce((sum, value) => sum + value, 0);

describe('what is held back', () => {
  it('is about a quarter of the painted pixels of one or two slices, never trained on, the same whenever asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 25, max: 60 }), fc.nat(99), (many, seed) => {
        const slices = [
          { z: 1, labels: strokes(many, seed), recent: true, heldBefore: false, own: unsure },
          { z: 5, labels: strokes(many, seed + 1), recent: true, heldBefore: false, own: unsure },
        ];
        const held = holdBack(slices, side);
        expect(held.slices.size).toBe(0);
        let all = 0;
        let judging = 0;
        let both = 0;
        for (const { z, labels } of slices) {
          const mask = held.masks.get(z);
          const check = checkable(labels, mask, 'held');
          const own = new Uint8Array(labels.length);
          const learn = learnable(labels, own, mask, weights);
          labels.forEach((label, i) => {
            if (isPainted(label)) all += 1;
            if (check.checked[i] === 0) return;
            judging += 1;
            if (learn.weight[i] !== 0) both += 1;
          });
        }
        expect(both).toBe(0);
        expect(judging / all).toBeGreaterThan(0.15);
        expect(judging / all).toBeLessThan(0.5);
        const again = holdBack(slices, side);
        for (const [z, mask] of held.masks)
          expect(Buffer.compare(mask, again.masks.get(z) ?? Buffer.of())).toBe(0);
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it('is a quarter of the slices with new strokes, as a whole, from three on', () => {
    const slices = (many: number): PaintedSlice[] =>
      Array.from({ length: many }, (_, z) => ({
        z,
        labels: strokes(6, z),
        recent: true,
        heldBefore: false,
        own: unsure,
      }));
    expect(holdBack(slices(3), side).slices.size).toBe(1);
    expect(holdBack(slices(8), side).slices.size).toBe(2);
    expect(holdBack(slices(8), side).masks.size).toBe(0);
  });

  it('is never of strokes that the model in use has learnt, nor a slice that was only confirmed', () => {
    const wholly = new Uint8Array(side * side).fill(confirmed(INTERIOR));
    const slices: PaintedSlice[] = [
      ...[0, 1, 2, 3, 4, 5].map((z) => ({
        z,
        labels: strokes(30, z),
        recent: false,
        heldBefore: false,
        own: unsure,
      })),
      ...[6, 7, 8].map((z) => ({
        z,
        labels: wholly,
        recent: true,
        heldBefore: false,
        own: unsure,
      })),
      { z: 9, labels: strokes(40, 9), recent: true, heldBefore: false, own: unsure },
    ];
    const { slices: held, masks } = holdBack(slices, side);
    expect(held.size).toBe(0);
    expect([...masks.keys()]).toEqual([9]);
  });

  it('is of the newest strokes, not of those that judged before, as long as there are newer ones', () => {
    const slice = (z: number, heldBefore: boolean): PaintedSlice => ({
      z,
      labels: strokes(30, z),
      recent: true,
      heldBefore,
      own: unsure,
    });
    for (const old of [0, 1, 2, 3]) {
      const slices = [0, 1, 2, 3].map((z) => slice(z, z === old));
      expect(holdBack(slices, side).slices.has(old)).toBe(false);
    }
    const both = holdBack([slice(0, true), slice(1, false)], side);
    expect([...both.masks.keys()]).toEqual([1]);
    expect(holdBack([slice(0, true)], side).masks.size).toBe(1);
  });

  it('is where strokes mend something: what a broad brush paints over and is right judges nothing', () => {
    const labels = new Uint8Array(side * side).fill(painted(INTERIOR));
    const own = new Uint8Array(side * side);
    for (let y = 0; y < side; y += 1) own.fill(1, y * side, y * side + side / 2);
    const mask = holdBack([{ z: 0, labels, own, recent: true, heldBefore: false }], side).masks.get(
      0,
    );
    expect(mask?.includes(1)).toBe(true);
    mask?.forEach((state, at) => {
      if (state === 1) expect(at % side).toBeLessThan(side / 2);
    });
  });

  it('is nothing when there are only a few strokes in one place', () => {
    const few = [{ z: 0, labels: strokes(1, 1), recent: true, heldBefore: false, own: unsure }];
    expect(holdBack(few, side)).toEqual({ slices: new Set(), masks: new Map() });
  });

  it('leaves a rim around a block that neither judges nor trains', () => {
    const labels = new Uint8Array(side * side).fill(painted(MEMBRANE));
    const mask = holdBack(
      [{ z: 0, labels, recent: true, heldBefore: false, own: unsure }],
      side,
    ).masks.get(0);
    const held = count(checkable(labels, mask, 'held').checked);
    const trained = count(checkable(labels, mask, 'trained').checked);
    expect(held).toBeGreaterThan(0);
    expect(trained).toBeGreaterThan(0);
    expect(held + trained).toBeLessThan(labels.length);
    expect(count(checkable(labels, mask, 'all').checked)).toBe(labels.length);
    expect(count(checkable(labels, mask, 'none').checked)).toBe(0);
  });
});
