import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { niceStep, pathOf, scale, thinned, ticksFromZero } from './chart-scale';

const amount = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

describe('a chart', () => {
  it('has round ticks that start at 0 and cover the highest value', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 8 }), (top, most) => {
        const ticks = ticksFromZero(top, most);
        expect(ticks[0]).toBe(0);
        expect(ticks.at(-1) ?? 0).toBeGreaterThanOrEqual(top * (1 - 1e-5));
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        expect(ticks.length).toBeGreaterThan(1);
      }),
      { seed: 2026 },
    );
    expect(ticksFromZero(0.61, 3)).toEqual([0, 0.5, 1]);
    expect(ticksFromZero(0.61, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
  });

  it('steps by 1, 2 or 5', () => {
    fc.assert(
      fc.property(amount, (span) => {
        const step = niceStep(span, 4);
        const lead = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
        expect([1, 2, 5].some((each) => Math.abs(lead - each) < 1e-6)).toBe(true);
      }),
      { seed: 2026 },
    );
  });

  it('thins a long curve without losing its ends or leaving its range', () => {
    const values = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), {
      minLength: 2,
      maxLength: 400,
    });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 60 }), (losses, most) => {
        const points = losses.map((y, x) => ({ x, y }));
        const thin = thinned(points, most);
        expect(thin.length).toBeLessThanOrEqual(Math.max(most, 2));
        expect(thin[0]?.x).toBe(0);
        expect(thin.at(-1)?.x).toBe(losses.length - 1);
        for (const { y } of thin) {
          expect(y).toBeGreaterThanOrEqual(Math.min(...losses) - 1e-9);
          expect(y).toBeLessThanOrEqual(Math.max(...losses) + 1e-9);
        }
      }),
      { seed: 2026 },
    );
  });

  it('draws values upwards and leaves out what is no number', () => {
    const y = scale(0, 2, 100, 0);
    expect([y(0), y(1), y(2)]).toEqual([100, 50, 0]);
    expect(scale(3, 3, 10, 90)(3)).toBe(10);
    expect(
      pathOf([
        { x: 0, y: 1 },
        { x: 1, y: NaN },
        { x: 2, y: 3 },
      ]),
    ).toBe('M0.0 1.0L2.0 3.0');
  });
});
