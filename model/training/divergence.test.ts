import { describe, expect, it } from 'vitest';
import { DivergenceGuard } from './divergence';

describe('the divergence guard', () => {
  it('goes back when the loss explodes or is not a number, three times, then gives up', () => {
    const guard = new DivergenceGuard();
    for (let i = 0; i < 20; i++) expect(guard.judge(0.5 + 0.01 * i, 1)).toBe('go-on');
    expect(guard.judge(4, 1)).toBe('go-on');
    expect(guard.judge(50, 1)).toBe('go-back');
    expect(guard.judge(Number.NaN, 1)).toBe('go-back');
    expect(guard.judge(0.5, Infinity)).toBe('go-back');
    expect(guard.judge(Infinity, 1)).toBe('give-up');
  });

  it('lets a small loss jump when it was tiny before', () => {
    const guard = new DivergenceGuard();
    for (let i = 0; i < 20; i++) guard.judge(0.002, 1);
    expect(guard.judge(0.08, 1)).toBe('go-on');
    expect(guard.judge(0.5, 1)).toBe('go-back');
  });
});
