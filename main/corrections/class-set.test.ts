import { describe, expect, it } from 'vitest';
import { confirmed, INTERIOR, MEMBRANE, painted, UNTOUCHED, VOID } from '#contract/label-byte';
import { isOwnClass } from '#contract/mask/class-mask';
import {
  addTally,
  classLabels,
  classThreshold,
  classWrong,
  emptyTally,
  membraneLabels,
  unpaintedWeight,
} from './class-set';

const MITO = 3;
const VESICLE = 4;
const labels = Uint8Array.of(
  painted(MITO),
  painted(INTERIOR),
  painted(MEMBRANE),
  painted(VESICLE),
  confirmed(INTERIOR),
  confirmed(MEMBRANE),
  UNTOUCHED,
  painted(VOID),
);

describe('what strokes teach of a class', () => {
  it('is yes where it was painted, no where anything else was, and a faint no elsewhere', () => {
    const { target, weight } = classLabels(labels, MITO, null, undefined, 0.125);
    expect([...target]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    expect([...weight]).toEqual([1, 1, 1, 1, 0.125, 0.125, 0.125, 0]);
  });

  it('is what the model in use says where nobody painted and it knows the class', () => {
    const own = Uint8Array.of(0, 1, 1, 0, 1, 0, 1, 1);
    const { target, weight } = classLabels(labels, MITO, own, undefined, 0.01);
    expect([...target]).toEqual([1, 0, 0, 0, 1, 0, 1, 0]);
    expect([...weight]).toEqual([1, 1, 1, 1, 0.125, 0.125, 0.125, 0]);
    expect([...classLabels(labels, null, own, undefined, 0.01).weight.subarray(0, 7)]).toEqual(
      Array.from({ length: 7 }, () => 0.125),
    );
  });

  it('is nothing where strokes are kept from training', () => {
    const held = Uint8Array.of(1, 2, 0, 0, 1, 0, 2, 0);
    const { weight } = classLabels(labels, MITO, null, held, 0.125);
    expect([...weight]).toEqual([0, 0, 1, 1, 0, 0.125, 0, 0]);
  });

  it('says nothing of membranes, but strokes of classes without a map do', () => {
    const own = membraneLabels(labels, new Set([MITO]));
    expect([...own]).toEqual([UNTOUCHED, ...labels.subarray(1)]);
    expect([painted(MITO), confirmed(VESICLE)].map(isOwnClass)).toEqual([true, true]);
    expect([INTERIOR, MEMBRANE, VOID, UNTOUCHED].map(isOwnClass)).not.toContain(true);
  });

  it('weighs all that nobody painted together twice as much as the strokes, and no pixel a quarter of one', () => {
    const slice = (strokes: number): Uint8Array =>
      Uint8Array.from({ length: 1000 }, (_, i) => (i < strokes ? painted(MITO) : UNTOUCHED));
    expect(unpaintedWeight([slice(10)]) * 990).toBeCloseTo(20);
    expect(unpaintedWeight([slice(500)])).toBe(0.25);
  });
});

describe('the threshold of a class that only strokes are known of', () => {
  /** A class of `share` of the pixels with probabilities around 0.7, the rest around 0.2; strokes on a few of each. */
  function tally(share: number): ReturnType<typeof emptyTally> {
    const found = emptyTally();
    const count = 20_000;
    const map = Float32Array.from({ length: count }, (_, i) => {
      const spread = ((i * 7919) % 1000) / 1000;
      return i < share * count ? 0.5 + 0.45 * spread : 0.4 * spread;
    });
    const strokes = Uint8Array.from(map, (_, i) => {
      if (i % 10 !== 0) return UNTOUCHED;
      return painted(i < share * count ? MITO : INTERIOR);
    });
    addTally(found, map, strokes, MITO, undefined);
    return found;
  }

  it('lies between the class and the rest, however rare the class', () => {
    for (const share of [0.02, 0.1, 0.4]) {
      const threshold = classThreshold(tally(share));
      expect(threshold).toBeGreaterThanOrEqual(0.4);
      expect(threshold).toBeLessThanOrEqual(0.55);
    }
  });

  it('comes from strokes that were kept from training where there are enough', () => {
    const found = tally(0.1);
    const all = Uint8Array.from({ length: 200 }, () => painted(MITO));
    addTally(found, new Float32Array(200).fill(0.3), all, MITO, 'all');
    expect(classThreshold(found)).toBeLessThanOrEqual(0.3);
  });

  it('is one half where nothing is known', () => {
    expect(classThreshold(emptyTally())).toBe(0.5);
  });

  it('says which strokes are wrong', () => {
    const found = emptyTally();
    const strokes = Uint8Array.of(
      painted(MITO),
      painted(MITO),
      painted(INTERIOR),
      painted(VESICLE),
    );
    addTally(found, Float32Array.of(0.9, 0.1, 0.1, 0.8), strokes, MITO, 'all');
    expect(classWrong(found.held, 0.5)).toEqual({
      pixels: { own: 2, others: 2 },
      own: 0.5,
      others: 0.5,
    });
    expect(classWrong(found.trained, 0.5)).toBeNull();
  });
});
