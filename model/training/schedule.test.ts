import { describe, expect, it } from 'vitest';
import { learningRateAt } from './schedule';

describe('the learning rate', () => {
  it('rises to its peak and falls to zero', () => {
    expect(learningRateAt(0.06, 1, 0.12)).toBeCloseTo(0.5, 10);
    expect(learningRateAt(0.12, 1, 0.12)).toBe(1);
    expect(learningRateAt(0.56, 1, 0.12)).toBeCloseTo(0.5, 10);
    expect(learningRateAt(1, 1, 0.12)).toBeCloseTo(0, 10);
  });
});
