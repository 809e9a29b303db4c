import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, painted, VOID } from '#contract/label-byte';
import { holdBack } from './hold-back';
import { strokes, STROKES_SIDE as side } from '../jobs/testing/strokes';
import {
  addStrokeErrors,
  checkable,
  learnable,
  noStrokeErrors,
  pseudoLabels,
  roundWeights,
  UNSURE,
} from './training-set';

const weights = { confirmed: 0.02, pseudo: 0.01, replay: 0.08 };
const rounded = (values: Float32Array): number[] =>
  [...values].map((value) => Math.round(value * 1000) / 1000);

describe('void', () => {
  it('painted or confirmed, is nothing to the trainer and to the gate, whatever the model says there', () => {
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
          holdBack(
            [{ z: 1, labels, own: labels.map(() => UNSURE), recent: true, heldBefore: false }],
            side,
          ).masks.get(1) ?? Uint8Array.of();
        expect(Buffer.compare(held(labels), held(untouched))).toBe(0);
        const learn = learnable(labels, new Uint8Array(labels.length).fill(1), undefined, weights);
        const check = checkable(labels, undefined, 'all');
        const right = check.target.map((target, i) => (isVoid(i) ? 1 : target));
        const errors = addStrokeErrors(noStrokeErrors, right, check);
        expect(errors.membrane.wrong + errors.interior.wrong).toBe(0);
        labels.forEach((_, i) => {
          if (!isVoid(i)) return;
          voids += 1;
          if (learn.weight[i] !== 0 || learn.focus[i] !== 0 || check.checked[i] !== 0)
            expect(i).toBe('a void pixel that counts for nothing');
        });
      }),
      { numRuns: 10, seed: 11 },
    );
    expect(voids).toBeGreaterThan(10_000);
  });
});

describe('the weights', () => {
  /** Fifteen strokes of 140 pixels on a slice of 1024². */
  const usual = new Uint8Array(2 ** 20).fill(confirmed(INTERIOR)).fill(painted(MEMBRANE), 0, 2100);

  it('of a confirmed pixel is about 1/30 of a painted one at fifteen strokes a slice', () => {
    const { confirmed: weight } = roundWeights([usual, usual, usual]);
    expect(1 / weight).toBeGreaterThan(25);
    expect(1 / weight).toBeLessThan(40);
  });

  it('make all that nobody painted count sixteen times as much as all strokes, however many these are', () => {
    for (const painted_ of [1000, 4000, 10_000]) {
      const labels = usual.slice().fill(confirmed(INTERIOR)).fill(painted(MEMBRANE), 0, painted_);
      const { confirmed: weight } = roundWeights([labels]);
      expect((weight * (labels.length - painted_)) / painted_).toBeCloseTo(16, 6);
    }
  });

  it('stay within bounds: a single dot does not silence the rest, a painted slice does not drown', () => {
    const dot = usual.slice().fill(confirmed(INTERIOR)).fill(painted(MEMBRANE), 0, 9);
    expect(roundWeights([dot]).confirmed).toBe(0.005);
    const half = usual.slice().fill(painted(MEMBRANE), 0, usual.length / 2);
    expect(roundWeights([half]).confirmed).toBe(0.25);
    expect(roundWeights([dot.fill(confirmed(INTERIOR))]).confirmed).toBe(0.25);
  });

  it('are 1 painted, what the round says confirmed and untouched, 0 on void; crops are cut around strokes', () => {
    const labels = Uint8Array.of(painted(MEMBRANE), confirmed(INTERIOR), 0, 0, VOID);
    const own = Uint8Array.of(0, 1, 1, 0, 1);
    const { target, weight, focus } = learnable(labels, own, undefined, weights);
    expect(rounded(weight)).toEqual([1, 0.02, 0.01, 0.01, 0]);
    expect([...target]).toEqual([1, 0, 1, 0, 0]);
    expect([...focus]).toEqual([1, 0, 0, 0, 0]);
  });

  it('are 0 between the two thresholds of the model, confirmed or not, but never on a stroke', () => {
    const band = { topology: 0.2, pixel: 0.5 };
    const own = pseudoLabels(Float32Array.of(0.1, 0.2, 0.49, 0.5, 0.9), band);
    expect([...own]).toEqual([0, UNSURE, UNSURE, 1, 1]);
    const none = learnable(new Uint8Array(5), own, undefined, weights);
    expect(rounded(none.weight)).toEqual([0.01, 0, 0, 0.01, 0.01]);
    expect([...none.target]).toEqual([0, 0, 0, 1, 1]);
    const all = learnable(new Uint8Array(5).fill(confirmed(INTERIOR)), own, undefined, weights);
    expect(rounded(all.weight)).toEqual([0.02, 0, 0, 0.02, 0.02]);
    const drawn = learnable(new Uint8Array(5).fill(painted(MEMBRANE)), own, undefined, weights);
    expect(rounded(drawn.weight)).toEqual([1, 1, 1, 1, 1]);
  });

  it('do not depend on which threshold is the higher one', () => {
    const map = Float32Array.of(0.1, 0.3, 0.9);
    expect(pseudoLabels(map, { topology: 0.5, pixel: 0.2 })).toEqual(
      pseudoLabels(map, { topology: 0.2, pixel: 0.5 }),
    );
  });
});

describe('what the gate counts', () => {
  it('is painted pixels alone, by what was painted; a wall that is only a line is half right', () => {
    const labels = Uint8Array.of(
      painted(MEMBRANE),
      painted(MEMBRANE),
      painted(INTERIOR),
      painted(5),
      confirmed(MEMBRANE),
      0,
      VOID,
    );
    const check = checkable(labels, undefined, 'all');
    const band = { topology: 0.2, pixel: 0.5 };
    const counted = (...p: number[]) =>
      addStrokeErrors(
        noStrokeErrors,
        pseudoLabels(Float32Array.from([...p, 0, 0.9, 0.9]), band),
        check,
      );
    expect(counted(0.9, 0.1, 0.9, 0.1)).toEqual({
      membrane: { pixels: 2, wrong: 1 },
      interior: { pixels: 2, wrong: 1 },
    });
    // Orange at the threshold for cells, not at the one for pixels.
    expect(counted(0.3, 0.3, 0.3, 0.3)).toEqual({
      membrane: { pixels: 2, wrong: 1 },
      interior: { pixels: 2, wrong: 2 },
    });
    expect(counted(0.5, 0.5, 0.19, 0.19)).toEqual({
      membrane: { pixels: 2, wrong: 0 },
      interior: { pixels: 2, wrong: 0 },
    });
  });
});
