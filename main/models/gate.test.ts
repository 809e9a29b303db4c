import { describe, expect, it } from 'vitest';
import type { Scores } from '#contract/entities';
import { writeSlices } from '#contract/slice-marks';
import type { Comparison } from '../compute/requests';
import { afterOtherConditioning, afterSwitch, asideWith, trainingGate } from './gate';

const scores = (vInfo: number, more: Partial<Scores> = {}): Scores => ({
  vInfo,
  vRand: 0.9,
  dice: 0.8,
  accuracy: 0.9,
  threshold: 0.2,
  pixelThreshold: 0.5,
  ...more,
});

describe('the gate of a version trained from labels', () => {
  const trained = (before: Scores | null, after: Scores | null): Comparison => ({
    dense: { from: 'validation', slices: [20, 21, 22, 23], before, after },
    obedience: null,
    untouched: null,
    changed: null,
  });

  it('keeps a worse one aside with both numbers, the slices and the thresholds', () => {
    const { kind, reason } = trainingGate(trained(scores(0.985), scores(0.894)), 'general');
    expect(kind).toBe('kept-aside');
    expect(writeSlices(reason, 1)).toBe(
      'Kept aside: it is worse than general: V_Info on validation slices 21-24 is 0.894 (general 0.985; thresholds 0.20 → 0.20), Dice 0.800 (general 0.800; thresholds 0.50 → 0.50).',
    );
  });

  it('accepts a better one; within the noise of V_Info Dice decides', () => {
    expect(trainingGate(trained(scores(0.9), scores(0.95)), 'general').kind).toBe('accepted');
    const finer = scores(0.978, { dice: 0.85 });
    expect(trainingGate(trained(scores(0.98), finer), 'general').kind).toBe('accepted');
    const same = trainingGate(trained(scores(0.98), scores(0.983)), 'general');
    expect(same.kind).toBe('kept-aside');
    expect(same.reason).toContain('no better than general');
    expect(trainingGate(trained(scores(0.98), scores(Number.NaN)), 'general').kind).toBe(
      'kept-aside',
    );
  });

  it('says so where the version in use has learnt from the very slices it is scored on', () => {
    const worse = trainingGate(trained(scores(0.985), scores(0.894)), 'general', true);
    expect(worse.kind).toBe('kept-aside');
    expect(worse.reason).toContain('general has learnt from these slices itself');
    const better = trainingGate(trained(scores(0.9), scores(0.95)), 'general', true);
    expect(better.kind).toBe('accepted');
    expect(better.reason).not.toContain('itself');
  });

  it('offers what can not be compared, and says why', () => {
    const offered = [
      trainingGate({ kind: 'no-validation' }, 'general'),
      trainingGate({ kind: 'other-image', image: 'other.tif' }, 'general'),
      trainingGate(trained(null, scores(0.9)), 'general'),
    ];
    for (const { kind, reason } of offered) {
      expect(kind).toBe('offered');
      expect(reason).toMatch(/^Not put in place: /);
    }
    expect(new Set(offered.map(({ reason }) => reason)).size).toBe(offered.length);
    expect(trainingGate({ kind: 'no-model' }, '').kind).toBe('accepted');
  });

  it('does not take the place of a version that it was never compared with', () => {
    const accepted = trainingGate(trained(scores(0.9), scores(0.95)), 'general');
    const late = afterSwitch(accepted, 'mine');
    expect(late.kind).toBe('offered');
    expect(late.reason).toContain('mine came into use meanwhile');
    expect(afterSwitch(asideWith('it is worse'), 'mine').kind).toBe('kept-aside');
  });
});

it('a version that was judged as slices are not shown any more is offered, not put in place', () => {
  const late = afterOtherConditioning({ kind: 'accepted', reason: 'It is better.' });
  expect(late.kind).toBe('offered');
  expect(late.reason).toMatch(/how slices are shown.*changed meanwhile.*It is better\.$/);
  expect(afterOtherConditioning(asideWith('it is worse')).kind).toBe('kept-aside');
});
