import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, painted, VOID } from '#contract/label-byte';
import { strokes, STROKES_SIDE as side } from './testing/strokes';
import {
  checkable,
  holdBack,
  learnable,
  pseudoLabels,
  UNSURE,
  weightedErrors,
} from './training-set';

describe('what is held back', () => {
  it('is about a quarter of the reviewed pixels, never trained on, the same in every round', () => {
    fc.assert(
      fc.property(fc.integer({ min: 25, max: 60 }), fc.nat(99), (count, seed) => {
        const slices = [
          { z: 1, labels: strokes(count, seed) },
          { z: 5, labels: strokes(count, seed + 1) },
        ];
        const held = holdBack(slices, side);
        let reviewed = 0;
        let validating = 0;
        let both = 0;
        for (const { z, labels } of slices) {
          const mask = held.masks.get(z) ?? new Uint8Array(labels.length);
          const check = checkable(labels, mask);
          const learn = learnable(labels, new Uint8Array(labels.length), mask);
          labels.forEach((label, i) => {
            if (label !== 0) reviewed += 1;
            if ((check.weight[i] ?? 0) === 0) return;
            validating += 1;
            if (learn.weight[i] !== 0) both += 1;
          });
        }
        expect(both).toBe(0);
        expect(validating / reviewed).toBeGreaterThan(0.15);
        expect(validating / reviewed).toBeLessThan(0.5);
        const again = holdBack(slices, side);
        for (const [z, mask] of held.masks)
          expect(Buffer.compare(mask, again.masks.get(z) ?? Buffer.of())).toBe(0);
      }),
      { numRuns: 20, seed: 2026 },
    );
  });

  it('is nothing when there are only a few strokes in one place', () => {
    expect(holdBack([{ z: 0, labels: strokes(1, 1) }], side).masks.size).toBe(0);
  });

  it('is every sixth slice once six are fully reviewed', () => {
    const slices = Array.from({ length: 12 }, (_, z) => ({
      z,
      labels: new Uint8Array(side * side).fill(confirmed(INTERIOR)),
    }));
    expect([...holdBack(slices, side).slices]).toEqual([5, 11]);
  });
});

describe('void', () => {
  it('painted or confirmed, is nothing to the trainer and to the scores, whatever the model says there', () => {
    const aboutHalf = fc.array(fc.boolean(), { minLength: 97, maxLength: 97 });
    let voids = 0;
    fc.assert(
      fc.property(aboutHalf, fc.boolean(), fc.nat(99), (pattern, asConfirmed, seed) => {
        const clean = strokes(30, seed);
        const isVoid = (i: number): boolean => pattern[i % 97] === true;
        const dirt = asConfirmed ? confirmed(VOID) : painted(VOID);
        const labels = clean.map((label, i) => (isVoid(i) ? dirt : label));
        const untouched = clean.map((label, i) => (isVoid(i) ? 0 : label));
        // Void strokes hold nothing back that untouched pixels wouldn't.
        const held = (labels: Uint8Array): Uint8Array =>
          holdBack([{ z: 1, labels }], side).masks.get(1) ?? Uint8Array.of();
        expect(Buffer.compare(held(labels), held(untouched))).toBe(0);
        const learn = learnable(labels, new Uint8Array(labels.length).fill(1), undefined);
        const check = checkable(labels, 'all');
        const right = check.target.map((target, i) => (isVoid(i) ? 1 : target));
        const errors = weightedErrors(Float32Array.from(right), check, 0.5);
        expect(errors.wrong).toBe(0);
        labels.forEach((_, i) => {
          if (!isVoid(i)) return;
          voids += 1;
          if (learn.weight[i] !== 0 || learn.focus[i] !== 0 || check.weight[i] !== 0)
            expect(i).toBe('a void pixel that counts for nothing');
        });
      }),
      { numRuns: 10, seed: 2026 },
    );
    expect(voids).toBeGreaterThan(10_000);
  });
});

describe('the weights', () => {
  it('are 1 painted, ¼ confirmed, 0.1 where nobody looked, 0 on void', () => {
    const labels = Uint8Array.of(painted(MEMBRANE), confirmed(INTERIOR), 0, 0, VOID);
    const { target, weight, focus } = learnable(labels, Uint8Array.of(0, 1, 1, 0, 1), undefined);
    expect([...weight].map((value) => Math.round(value * 100) / 100)).toEqual([
      1, 0.25, 0.1, 0.1, 0,
    ]);
    expect([...target]).toEqual([1, 0, 1, 0, 0]);
    expect([...focus]).toEqual([1, 1, 0, 0, 0]);
  });

  it('are 0 where the starting model is not sure itself', () => {
    const pseudo = pseudoLabels(Float32Array.of(0.1, 0.2, 0.49, 0.5, 0.9), 0.2);
    expect([...pseudo]).toEqual([0, UNSURE, UNSURE, 1, 1]);
    const { target, weight } = learnable(new Uint8Array(5), pseudo, undefined);
    expect([...weight].map((value) => value > 0)).toEqual([true, false, false, true, true]);
    expect([...target]).toEqual([0, 0, 0, 1, 1]);
  });

  it('count in the errors', () => {
    const check = checkable(Uint8Array.of(painted(MEMBRANE), confirmed(MEMBRANE), 0, VOID), 'all');
    expect(weightedErrors(Float32Array.of(0.2, 0.9, 0.9, 0.9), check, 0.5)).toEqual({
      wrong: 1,
      all: 1.25,
    });
  });
});
