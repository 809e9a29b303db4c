import { describe, expect, it } from 'vitest';
import type { Scores } from '#contract/entities';
import { writeSlices } from '#contract/slice-marks';
import type { Comparison, StrokesWrong } from '../compute/requests';
import { correctionGate } from './correction-gate';

const scores = (vInfo: number): Scores => ({
  vInfo,
  vRand: 0.9,
  dice: 0.8,
  accuracy: 0.9,
  threshold: 0.2,
  pixelThreshold: 0.5,
});

type Pair = readonly [before: number, after: number];
const pair = ([before, after]: Pair) => ({ before, after });

interface Numbers {
  /** Shares of held-back strokes that are wrong. */
  readonly wrong?: Pair;
  readonly interior?: Pair;
  readonly pixels?: number;
  readonly cells?: Pair;
  readonly flips?: readonly [number | null, number | null];
  readonly lineWidth?: Pair;
  readonly vInfo?: readonly [number, number | null];
}

function compared({
  wrong = [0.9, 0.4],
  interior = [0.9, 0.4],
  pixels = 1200,
  cells = [200, 190],
  flips = [0.2, 0.15],
  lineWidth = [6, 6.5],
  vInfo = [0.98, 0.97],
}: Numbers): Comparison {
  const strokes: StrokesWrong = {
    pixels: { membrane: (2 / 3) * pixels, interior: pixels / 3 },
    before: { membrane: wrong[0], interior: interior[0], all: wrong[0] },
    after: { membrane: wrong[1], interior: interior[1], all: wrong[1] },
  };
  return {
    dense: {
      from: 'replay',
      slices: [6, 7, 8, 9],
      before: scores(vInfo[0]),
      after: vInfo[1] === null ? null : scores(vInfo[1]),
    },
    obedience: { held: { ...strokes, slices: [2], whole: true }, trained: strokes },
    untouched: {
      slices: [5, 9],
      cells: pair(cells),
      flips: { before: flips[0], after: flips[1] },
      lineWidth: pair(lineWidth),
    },
    changed: null,
  };
}

const kindOf = (numbers: Numbers): string => correctionGate(compared(numbers)).kind;

describe('the gate of a round of corrections', () => {
  it('accepts what gets more of the held-back strokes right, and says which', () => {
    const { kind, reason } = correctionGate(compared({}));
    expect(kind).toBe('accepted');
    expect(writeSlices(reason, 1)).toBe(
      'Of your strokes on slice 3 that were kept from training it gets 60 % right by itself, 10 % before. On the labelled crops that come with Membrana V_Info is 0.970 (0.980 before).',
    );
  });

  it('wants at least 6 of 100 painted pixels more where most were wrong, 12 where the model in use had many right', () => {
    expect(kindOf({ wrong: [0.9, 0.83] })).toBe('accepted');
    expect(kindOf({ wrong: [0.9, 0.85] })).toBe('kept-aside');
    expect(kindOf({ wrong: [0.5, 0.41] })).toBe('kept-aside');
    expect(kindOf({ wrong: [0.5, 0.37] })).toBe('accepted');
    expect(kindOf({ wrong: [0.9, 0.95] })).toBe('kept-aside');
    expect(kindOf({ wrong: [0.9, Number.NaN] })).toBe('kept-aside');
  });

  it('says that there is nothing to win where the model in use obeys already', () => {
    const { kind, reason } = correctionGate(compared({ wrong: [0.06, 0], interior: [0, 0] }));
    expect(kind).toBe('kept-aside');
    expect(reason).toContain('already gets 94 % of your strokes');
  });

  it.each([
    ['cells that run together', { cells: [200, 149] }, 'cells on slices 6,10 would run together'],
    ['answers that shake', { flips: [0.2, 0.27] }, 'less sure of what it sees on slices 6,10'],
    ['no membrane any more', { flips: [0.2, null] }, 'less sure'],
    ['lines as fat as a brush', { lineWidth: [6, 11] }, 'would be 11.0 pixels wide, 6.0 before'],
    ['lines as thin as a hair', { lineWidth: [6, 3] }, 'would be 3.0 pixels wide'],
    ['membrane over cells', { interior: [0.2, 0.4] }, 'over 40 % of what you painted as interior'],
    ['a collapse elsewhere', { vInfo: [0.98, 0.4] }, 'forget what membranes look like elsewhere'],
    ['no cell elsewhere', { vInfo: [0.98, null] }, 'forget what membranes look like elsewhere'],
  ] as const)('keeps aside, with a reason: %s', (_, numbers, words) => {
    const { kind, reason } = correctionGate(compared({ wrong: [0.9, 0], ...numbers }));
    expect(kind).toBe('kept-aside');
    expect(writeSlices(reason, 1)).toContain(words);
  });

  it('keeps aside what learnt only one of two classes and is less steady for it, and says which', () => {
    const half = { wrong: [0.96, 0.82], interior: [0.92, 0.9] } as const;
    const { kind, reason } = correctionGate(compared({ ...half, flips: [0.18, 0.2] }));
    expect(kind).toBe('kept-aside');
    expect(writeSlices(reason, 1)).toContain(
      'of what you painted as interior on slice 3 it gets only 10 % right by itself, 8 % before, and it is less sure',
    );
    expect(kindOf({ ...half, flips: [0.18, 0.17] })).toBe('accepted');
    expect(kindOf({ ...half, flips: [0.18, 0.2], pixels: 300 })).toBe('accepted');
    expect(kindOf({ flips: [0.18, 0.2] })).toBe('accepted');
  });

  it('forgetting a part of other stacks is a note and no veto', () => {
    const { kind, reason } = correctionGate(compared({ vInfo: [0.98, 0.8] }));
    expect(kind).toBe('accepted');
    expect(reason).toContain('V_Info is 0.800 (0.980 before)');
  });

  it('a model that saw nothing before may see membranes now', () => {
    expect(kindOf({ flips: [null, 0.4], cells: [1, 180], lineWidth: [0, 6] })).toBe('accepted');
  });

  it('offers a version that too few strokes could be kept for, and never one that does harm', () => {
    const few = correctionGate(compared({ pixels: 90 }));
    expect(few.kind).toBe('offered');
    expect(few.reason).toMatch(/^Not put in place: there are too few new strokes .* 60 % right/);
    const { obedience, ...others } = compared({});
    const none = correctionGate({
      ...others,
      obedience: { held: null, trained: obedience?.trained ?? null },
    });
    expect(none.kind).toBe('offered');
    const unpainted = correctionGate({ ...others, obedience: { held: null, trained: null } });
    expect(unpainted.reason).toContain('nothing is painted');
    expect(kindOf({ pixels: 90, cells: [200, 20] })).toBe('kept-aside');
  });

  it('goes by the strokes alone where no slice could be looked at', () => {
    const base = compared({});
    expect(correctionGate({ ...base, untouched: null, dense: null }).kind).toBe('accepted');
  });
});
