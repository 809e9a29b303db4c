import { describe, expect, it } from 'vitest';
import type { Scores } from '#contract/entities';
import { writeSlices } from '#contract/slice-marks';
import type { Comparison } from '../compute/requests';
import { afterSwitch, gate, trainingGate } from './gate';

const scores = (vInfo: number, more: Partial<Scores> = {}): Scores => ({
  vInfo,
  vRand: 0.9,
  dice: 0.8,
  accuracy: 0.9,
  threshold: 0.2,
  pixelThreshold: 0.5,
  ...more,
});

interface Numbers {
  readonly vInfo?: readonly [number, number];
  readonly wrong?: readonly [number, number];
  readonly heldBack?: boolean;
}

const compared = ({ vInfo = [0.98, 0.98], wrong = [0.3, 0.1], heldBack = true }: Numbers) =>
  ({
    dense: {
      from: 'replay',
      slices: [6, 7, 8, 9],
      before: scores(vInfo[0]),
      after: scores(vInfo[1], { threshold: 0.3 }),
    },
    corrections: {
      slices: [2, 6],
      heldBack,
      before: wrong[0],
      after: wrong[1],
      thresholds: { before: 0.2, after: 0.3 },
    },
    changed: null,
  }) satisfies Comparison;

describe('the gate', () => {
  it('accepts fewer wrong corrections at the same V_Info, and says what decided, where and at which thresholds', () => {
    const { kind, reason } = gate(compared({ vInfo: [0.98, 0.979] }));
    expect(kind).toBe('accepted');
    expect(writeSlices(reason, 1)).toBe(
      'Wrong pixels among your corrections on slices 3,7 that were kept from training went from 30.0 % to 10.0 % (thresholds 0.20 → 0.30); V_Info on the 4 labelled crops that come with Membrana is 0.979 (0.980 before; thresholds 0.20 → 0.30).',
    );
  });

  it('calls only those slices unseen that were', () => {
    const trained = gate(compared({ heldBack: false })).reason;
    expect(trained).toContain('all of which it trained on');
    expect(trained).not.toMatch(/held|never saw|kept from/);
    const base = compared({});
    const reviewed = { ...base, dense: { ...base.dense, from: 'reviewed' as const, slices: [11] } };
    expect(writeSlices(gate(reviewed).reason, 1)).toContain(
      'V_Info on slice 12, which you reviewed and the new version never saw, is',
    );
  });

  it('keeps aside what would forget: V_Info falls by more than 0.005', () => {
    const verdict = gate(compared({ vInfo: [0.98, 0.9749], wrong: [0.3, 0] }));
    expect(verdict).toMatchObject({ kind: 'kept-aside' });
    expect(verdict.reason).toMatch(/^Kept aside: V_Info on the 4 labelled crops .* fall to 0.975/);
    expect(gate(compared({ vInfo: [0.98, 0.976] })).kind).toBe('accepted');
  });

  it('keeps aside a V_Info that is not a number', () => {
    expect(gate(compared({ vInfo: [0.98, Number.NaN] })).kind).toBe('kept-aside');
  });

  it.each([0.3, 0.35])('keeps aside corrections that are no better (%s)', (after) => {
    const verdict = gate(compared({ vInfo: [0.98, 0.99], wrong: [0.3, after] }));
    expect(verdict.kind).toBe('kept-aside');
    expect(verdict.reason).toContain('kept from training');
  });

  it('says when the model already agreed with every correction', () => {
    const { reason } = gate(compared({ wrong: [0, 0], heldBack: false }));
    expect(reason).toContain('already agrees with your corrections');
  });

  it('goes by the corrections alone where there is no dense truth, and refuses without corrections', () => {
    const base = compared({});
    expect(gate({ ...base, dense: null }).kind).toBe('accepted');
    expect(gate({ ...base, dense: null }).reason).not.toContain('V_Info');
    expect(gate({ ...base, corrections: null }).kind).toBe('kept-aside');
  });
});

describe('the gate of a version trained from labels', () => {
  const trained = (before: Scores | null, after: Scores | null): Comparison => ({
    dense: { from: 'validation', slices: [20, 21, 22, 23], before, after },
    corrections: null,
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

  it('offers what can not be compared, and says why', () => {
    const offered = [
      trainingGate({ kind: 'no-validation' }, 'general'),
      trainingGate({ kind: 'other-image', image: 'other.tif' }, 'general'),
      trainingGate({ kind: 'learnt', slices: [20, 21] }, 'general'),
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
    expect(afterSwitch(gate(compared({ wrong: [0.1, 0.2] })), 'mine').kind).toBe('kept-aside');
  });
});
