import { describe, expect, it } from 'vitest';
import { writeSlices } from '#contract/slice-marks';
import type { ClassComparison, Comparison } from '../compute/requests';
import { correctionGate } from './correction-gate';

type Held = NonNullable<ClassComparison['held']>;

function learnt(after: Partial<Held['after']>, before: Held['before'] = null): ClassComparison {
  const strokes = { pixels: { own: 900, others: 800 }, own: 0.2, others: 0.05 };
  return {
    name: 'mitochondria',
    held: { before, after: { ...strokes, ...after }, slices: [4], whole: true },
    trained: { before, after: strokes },
  };
}

function round(changed: Partial<Comparison>): Comparison {
  return {
    dense: null,
    obedience: { held: null, trained: null },
    untouched: {
      slices: [5, 9],
      cells: { before: 100, after: 99 },
      flips: { before: 0.12, after: 0.12 },
      lineWidth: { before: 6, after: 6.1 },
    },
    changed: null,
    ...changed,
  };
}

const strokes = (before: number, after: number): NonNullable<Comparison['obedience']> => {
  const wrong = (all: number) => ({ membrane: all, interior: all, all });
  const own = {
    pixels: { membrane: 600, interior: 600 },
    before: wrong(before),
    after: wrong(after),
  };
  return { held: { ...own, slices: [4], whole: true }, trained: own };
};

const verdict = (comparison: Comparison): string => {
  const { kind, reason } = correctionGate(comparison);
  return `${kind}: ${writeSlices(reason, 1)}`;
};

describe('a round that learnt a class of its own', () => {
  it('is taken where it finds strokes of it that it never saw, with the numbers', () => {
    expect(verdict(round({ classes: [learnt({})] }))).toBe(
      'accepted: Of your strokes of mitochondria on slice 5 that were kept from training it finds 80 % by itself, and of what else you painted there it calls 5 % mitochondria.',
    );
  });

  it('is kept aside where it misses them, or finds them everywhere', () => {
    expect(verdict(round({ classes: [learnt({ own: 0.7 })] }))).toContain('kept-aside');
    expect(verdict(round({ classes: [learnt({ own: 0.7 })] }))).toContain(
      'it finds 30 % by itself',
    );
    expect(verdict(round({ classes: [learnt({ others: 0.4 })] }))).toContain(
      'it calls 40 % mitochondria; paint more of what it is not',
    );
  });

  it('is kept aside where it lost what the model in use knew of the class', () => {
    const before = { pixels: { own: 900, others: 800 }, own: 0.1, others: 0.05 };
    expect(verdict(round({ classes: [learnt({}, before)] }))).toContain('kept-aside');
    expect(verdict(round({ classes: [learnt({ own: 0.12 }, before)] }))).toContain('accepted');
  });

  it('is offered where too few strokes judge it', () => {
    const few = { ...learnt({}), held: null };
    expect(verdict(round({ classes: [few] }))).toMatch(/^offered: .*too few strokes/);
  });

  it('is kept aside where membranes, which nobody corrected, would change', () => {
    const { untouched } = round({});
    if (untouched === null) throw new Error('there are slices');
    for (const harm of [
      { cells: { before: 100, after: 85 } },
      { flips: { before: 0.12, after: 0.15 } },
      { lineWidth: { before: 6, after: 7.2 } },
    ])
      expect(
        verdict(round({ classes: [learnt({})], untouched: { ...untouched, ...harm } })),
      ).toContain('kept-aside');
  });

  it('may leave strokes of membranes as wrong as they were, but not more so', () => {
    const classes = [learnt({})];
    expect(verdict(round({ classes, obedience: strokes(0.1, 0.1) }))).toContain('accepted');
    expect(verdict(round({ classes, obedience: strokes(0.1, 0.2) }))).toContain('kept-aside');
    expect(verdict(round({ classes, obedience: strokes(0.9, 0.4) }))).toContain(
      'your strokes on slice 5 that were kept from training it gets 60 % right',
    );
  });
});
