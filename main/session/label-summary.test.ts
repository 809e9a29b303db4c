import { describe, expect, it } from 'vitest';
import { formatSliceRange } from '#contract/slice-range';
import { suggestMembrane, suggestSplit } from './label-summary';

describe('the suggested membrane value', () => {
  it.each<[string, [number, number][], number | null]>([
    [
      '0 where 255 is the inside of cells',
      [
        [0, 22],
        [255, 78],
      ],
      0,
    ],
    [
      '255 where it is the membrane',
      [
        [0, 80],
        [255, 20],
      ],
      255,
    ],
    [
      '0 between numbered cells',
      [
        [0, 20],
        [1, 50],
        [2, 30],
      ],
      0,
    ],
    [
      'nothing when both are common',
      [
        [0, 50],
        [1, 50],
      ],
      null,
    ],
    [
      'nothing when one is nearly absent',
      [
        [0, 99],
        [1, 1],
      ],
      null,
    ],
    [
      'nothing when 0 is the large one of many',
      [
        [0, 70],
        [1, 20],
        [2, 10],
      ],
      null,
    ],
  ])('is %s', (_, counts, value) => {
    expect(suggestMembrane(new Map(counts))).toBe(value);
  });
});

describe('the suggested split', () => {
  it.each([
    [1, '0', ''],
    [2, '0', '1'],
    [16, '0-12', '13-15'],
    [24, '0-19', '20-23'],
  ])('of %i slices', (depth, train, validate) => {
    const split = suggestSplit(depth);
    expect(formatSliceRange(split.train)).toBe(train);
    expect(formatSliceRange(split.validate)).toBe(validate);
  });
});
