import { describe, expect, it } from 'vitest';
import { Random } from './random';
import { CropSampler } from './sampler';
import { cells } from './testing/cells';

describe('the crops of a training', () => {
  const slices = [cells(96, 1, 'new-strokes'), cells(96, 2, 'earlier'), cells(96, 3, 'replay')];
  const plan = [
    { group: 'new-strokes', share: 0.4 },
    { group: 'earlier', share: 0.2 },
    { group: 'replay', share: 0.4 },
  ];

  it('hold each group to its share after any number of crops', () => {
    const sampler = new CropSampler(slices, plan, 32, new Random(1));
    const counts = new Map<string, number>();
    for (let drawn = 1; drawn <= 200; drawn++) {
      const { group } = sampler.next();
      counts.set(group, (counts.get(group) ?? 0) + 1);
      for (const { group: each, share } of plan)
        expect(Math.abs((counts.get(each) ?? 0) - share * drawn)).toBeLessThanOrEqual(1);
    }
    expect(counts.get('replay')).toBe(80);
  });

  it('share out the part of a group that has no labels', () => {
    const sampler = new CropSampler(
      [cells(96, 1, 'new-strokes'), cells(96, 3, 'replay')],
      plan,
      32,
      new Random(1),
    );
    const drawn = Array.from({ length: 100 }, () => sampler.next().group);
    expect(drawn.filter((group) => group === 'replay')).toHaveLength(50);
  });

  it('start anywhere, not mostly at the borders', () => {
    const side = 512;
    const area = side * side;
    const slice = {
      image: Float32Array.from({ length: area }, (_, i) => i % side),
      width: side,
      height: side,
      target: new Uint8Array(area),
      weight: new Uint8Array(area).fill(1),
      group: 'labels',
    };
    const sampler = new CropSampler([slice], [{ group: 'labels', share: 1 }], 256, new Random(5));
    const starts = Array.from({ length: 200 }, () => sampler.next().image[0] ?? Number.NaN);
    const atABorder = starts.filter((x) => x === 0 || x === 256);
    expect(new Set(starts).size).toBeGreaterThan(50);
    expect(atABorder.length / starts.length).toBeLessThan(0.2);
  });

  it('always contain a labelled pixel, and none beyond the slice', () => {
    const slice = cells(96, 1);
    const weight = new Uint8Array(96 * 96);
    weight[95 * 96 + 2] = 1;
    weight[10 * 96 + 60] = 1;
    const sampler = new CropSampler(
      [{ ...slice, weight }],
      [{ group: 'labels', share: 1 }],
      64,
      new Random(3),
    );
    for (let i = 0; i < 50; i++)
      expect(sampler.next().weight.some((value) => value > 0)).toBe(true);
    const small = new CropSampler(
      [cells(20, 1)],
      [{ group: 'labels', share: 1 }],
      32,
      new Random(3),
    ).next();
    expect(small.weight.filter((value) => value > 0)).toHaveLength(400);
  });
});
