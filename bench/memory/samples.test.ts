import { describe, expect, it } from 'vitest';
import { rssSlope, settled, type MemorySample, type Phase } from './samples';

const sample = (phase: Phase, done: number, rssKiB: number): MemorySample => ({
  ...{ phase, done, rssKiB },
  ...{ tensors: 0, graphs: 0 },
});

describe('the slope of memory', () => {
  it('is what a leak loses each step, whatever the start needed', () => {
    const samples = Array.from({ length: 50 }, (_, i) =>
      sample('training', 10 * i, 1000 + (i < 5 ? 90_000 * i : 360_000 + 30 * i)),
    );
    expect(rssSlope(settled(samples, 'training'))).toBeCloseTo(3);
    expect(settled(samples, 'prediction')).toHaveLength(0);
  });

  it('is unknown from one sample', () => {
    expect(rssSlope([sample('training', 60, 5)])).toBeNull();
  });
});
