import { describe, expect, it } from 'vitest';
import type { StackAnswer } from '../compute/requests';
import { fitGate } from './fit-gate';

const answer = (change: Partial<StackAnswer> = {}): StackAnswer => ({
  disagreement: 0.2,
  membrane: 0.19,
  agreement: 0.9,
  cells: 150,
  ...change,
});

const judged = (before: StackAnswer, after: StackAnswer) =>
  fitGate(
    { slices: [0], look: { blur: 1, noise: 1, misfit: 0 }, pictures: 10, before, after },
    'general',
  );

describe('the gate of a fit', () => {
  it('accepts answers that depend clearly less on the way a slice lies, as measured on the hard look', () => {
    const { kind, reason } = judged(
      answer({ disagreement: 0.245, cells: 136 }),
      answer({ disagreement: 0.229, cells: 225 }),
    );
    expect(kind).toBe('accepted');
    expect(reason).toBe(
      'When your slices are turned over it contradicts itself less than before (0.229, general 0.245; 225 cells a slice, general 136).',
    );
  });

  it('accepts any sane answer where there was none before', () => {
    expect(judged(answer({ disagreement: null, cells: 1 }), answer()).kind).toBe('accepted');
  });

  it('offers what is as steady, and keeps aside what is less, as where the model is at home', () => {
    expect(judged(answer(), answer({ disagreement: 0.198 })).kind).toBe('offered');
    expect(judged(answer({ disagreement: 0.117 }), answer({ disagreement: 0.133 }))).toMatchObject({
      kind: 'kept-aside',
      reason: expect.stringContaining('at home') as unknown,
    });
  });

  it('keeps aside what is steady because it sees little: merged cells, no membrane, all membrane', () => {
    const steady = { disagreement: 0.05 };
    expect(judged(answer(), answer({ ...steady, cells: 100 })).reason).toContain('merge');
    expect(judged(answer(), answer({ ...steady, membrane: 0.01 })).kind).toBe('kept-aside');
    expect(judged(answer(), answer({ ...steady, membrane: 0.8 })).kind).toBe('kept-aside');
    expect(judged(answer(), answer({ disagreement: null })).kind).toBe('kept-aside');
  });
});
