import { describe, expect, it } from 'vitest';
import { gate } from './gate';

const before = { vInfo: 0.98, correctionError: 0.3 };

describe('the gate', () => {
  it('accepts fewer wrong corrections at the same V_Info, and gives the numbers', () => {
    const verdict = gate(before, { vInfo: 0.979, correctionError: 0.1 }, true);
    expect(verdict.accepted).toBe(true);
    expect(verdict.reason).toContain('from 30.0 % to 10.0 %');
    expect(verdict.reason).toContain('0.979 (0.980 before)');
  });

  it('keeps aside what would forget: V_Info falls by more than 0.005', () => {
    const verdict = gate(before, { vInfo: 0.9749, correctionError: 0 }, true);
    expect(verdict).toMatchObject({ accepted: false });
    expect(verdict.reason).toMatch(/^Kept aside: V_Info on known data would fall to 0.975/);
    expect(gate(before, { vInfo: 0.976, correctionError: 0.1 }, true).accepted).toBe(true);
  });

  it('keeps aside a V_Info that is not a number', () => {
    expect(gate(before, { vInfo: Number.NaN, correctionError: 0 }, true).accepted).toBe(false);
  });

  it.each([0.3, 0.35])('keeps aside corrections that are no better (%s)', (correctionError) => {
    const verdict = gate(before, { vInfo: 0.99, correctionError }, true);
    expect(verdict.accepted).toBe(false);
    expect(verdict.reason).toContain('held-back corrections');
  });

  it('says when the model already agreed with every correction', () => {
    const verdict = gate(
      { vInfo: 0.98, correctionError: 0 },
      { vInfo: 0.98, correctionError: 0 },
      false,
    );
    expect(verdict.reason).toContain('already agrees with your corrections');
  });

  it('goes by the corrections alone where there is no dense truth, and refuses without corrections', () => {
    const unknown = { vInfo: null, correctionError: 0.3 };
    expect(gate(unknown, { vInfo: null, correctionError: 0.1 }, true).accepted).toBe(true);
    expect(
      gate({ ...before, correctionError: null }, { vInfo: 1, correctionError: null }, true)
        .accepted,
    ).toBe(false);
  });
});
