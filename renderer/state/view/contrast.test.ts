import { describe, expect, it } from 'vitest';
import { gammaToSlider, sliderToGamma, typedWindow } from './contrast';

describe('gamma', () => {
  it('has 1 in the middle of its slider, where it holds fast', () => {
    expect(gammaToSlider(1)).toBeCloseTo(0.5);
    expect(sliderToGamma(0.5)).toBe(1);
    expect(sliderToGamma(0.509)).toBe(1);
  });

  it('comes back to the value it shows, from end to end', () => {
    for (const gamma of [0.2, 0.5, 0.8, 1, 1.3, 2, 5])
      expect(sliderToGamma(gammaToSlider(gamma))).toBeCloseTo(gamma, 2);
    expect([sliderToGamma(-1), sliderToGamma(2)]).toEqual([0.2, 5]);
  });
});

describe('a contrast typed by hand', () => {
  it('is taken as it is', () => {
    expect(typedWindow({ min: 10, max: 200 }, { min: 50 })).toEqual({ min: 50, max: 200 });
    expect(typedWindow({ min: 10, max: 200 }, { max: 90.5 })).toEqual({ min: 10, max: 90.5 });
  });

  it('pushes the other end along where it would pass it', () => {
    expect(typedWindow({ min: 10, max: 200 }, { min: 300 })).toEqual({ min: 300, max: 490 });
    expect(typedWindow({ min: 10, max: 200 }, { max: 10 })).toEqual({ min: -180, max: 10 });
    const none = typedWindow({ min: 5, max: 5 }, { min: 5 });
    expect(none.max).toBeGreaterThan(none.min);
  });
});
