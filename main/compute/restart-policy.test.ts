import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy';

const minute = 60_000;

describe('the restart policy', () => {
  it('starts at once when nothing has crashed', () => {
    expect(new RestartPolicy().decide(0)).toEqual({ kind: 'wait', ms: 0 });
  });

  it('waits longer after each crash', () => {
    const policy = new RestartPolicy();
    policy.crashed(0);
    expect(policy.decide(0)).toEqual({ kind: 'wait', ms: 250 });
    expect(policy.decide(200)).toEqual({ kind: 'wait', ms: 50 });
    policy.crashed(1000);
    expect(policy.decide(1000)).toEqual({ kind: 'wait', ms: 500 });
  });

  it('refuses after three crashes within five minutes, until the first is five minutes old', () => {
    const policy = new RestartPolicy();
    policy.crashed(0);
    policy.crashed(minute);
    policy.crashed(2 * minute);
    expect(policy.decide(2 * minute)).toEqual({ kind: 'refuse', ms: 3 * minute });
    expect(policy.decide(5 * minute)).toEqual({ kind: 'wait', ms: 0 });
  });

  it('forgets crashes before work that lasts', () => {
    const policy = new RestartPolicy();
    policy.crashed(0);
    policy.crashed(1000);
    policy.forgive();
    policy.crashed(2000);
    expect(policy.decide(2000)).toEqual({ kind: 'wait', ms: 250 });
  });

  it('forgives three crashes that lie far apart', () => {
    const policy = new RestartPolicy();
    for (const time of [0, 3, 6]) policy.crashed(time * minute);
    expect(policy.decide(7 * minute).kind).toBe('wait');
  });
});
