import { describe, expect, it } from 'vitest';
import { poissonInterval, shareInterval } from './exact-interval';

describe('exact intervals', () => {
  // Garwood's limits as printed in tables (Johnson, Kotz and Kemp; R: poisson.test).
  it.each([
    [0, 0, 3.6889],
    [1, 0.0253, 5.5716],
    [5, 1.6235, 11.6683],
    [10, 4.7954, 18.3904],
    [100, 81.3637, 121.6272],
  ])('of a Poisson count of %i are those of the tables', (count, low, high) => {
    const interval = poissonInterval(count);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });

  // R: binom.test.
  it.each([
    [0, 10, 0, 0.3085],
    [1, 10, 0.0025, 0.445],
    [5, 10, 0.1871, 0.8129],
    [10, 10, 0.6915, 1],
    [48, 50, 0.8629, 0.9951],
  ])('of a share of %i in %i are those of the tables', (count, trials, low, high) => {
    const interval = shareInterval(count, trials);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });
});
