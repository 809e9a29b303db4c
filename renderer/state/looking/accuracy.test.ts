import { describe, expect, it } from 'vitest';
import type { AccuracyReport } from '#contract/entities';
import { ModelId } from '#contract/ids';
import { AccuracyState, type AccuracyBasis } from './accuracy.svelte';

const model = ModelId.parse('m-1');
const other = ModelId.parse('m-2');
const mask = { pixel: 0.5, cells: 0.2 };
const basis: AccuracyBasis = {
  model,
  mask,
  truth: { name: 'truth.tif', values: [], membrane: 255 },
  membrane: 255,
};
const scores = {
  ...{ vInfo: 0.9, vInfoPrecision: 0.9, vInfoRecall: 0.9 },
  ...{ vRand: 0.9, vRandPrecision: 0.9, vRandRecall: 0.9 },
  dice: 0.8,
};
const errors = { merges: 1, splits: 0, lost: 0 };
const report: AccuracyReport = {
  ...{ model, mask, scores, errors },
  slices: [0, 1].map((z) => ({ z, scores, errors })),
  blank: [5],
  worst: [],
};

function measured(): AccuracyState {
  const state = new AccuracyState();
  state.begin(basis);
  state.started();
  state.take(report);
  return state;
}

describe('what was measured', () => {
  it('stays true until something that it is made of is another', () => {
    const state = measured();
    expect(state.changed(basis)).toBeNull();
    // The same thresholds in another object are the same mask.
    expect(state.changed({ ...basis, mask: { ...mask } })).toBeNull();
    expect(state.changed({ ...basis, mask: { ...mask, cells: 0.1 } })).toBe('mask');
    expect(state.changed({ ...basis, model: other })).toBe('model');
    expect(state.changed({ ...basis, membrane: 0 })).toBe('membrane');
  });

  it('is old on the slice that was painted, and not for one that was not measured', () => {
    const state = measured();
    state.painted([7]);
    expect(state.changed(basis)).toBeNull();
    state.painted([1]);
    expect(state.changed(basis)).toBe('slices');
    expect([...state.changedSlices]).toEqual([1]);
  });

  it('is old where the version measured predicts another slice, not where another version does', () => {
    const state = measured();
    state.predicted(other, [0]);
    expect(state.changed(basis)).toBeNull();
    state.predicted(model, [9]);
    expect([...state.changedSlices]).toEqual([9]);
  });

  it('is old at once where somebody painted while it was measured', () => {
    const state = measured();
    state.begin(basis);
    state.painted([0]);
    state.predicted(model, [0]);
    state.started();
    state.painted([1]);
    state.take(report);
    expect([...state.changedSlices]).toEqual([1]);
  });

  it('does not come back after the truth was closed', () => {
    const state = new AccuracyState();
    state.begin(basis);
    state.close();
    state.take(report);
    expect(state.report).toBeNull();
  });
});
