import { describe, expect, it } from 'vitest';
import { countedStatistics, countValues, emptyCounts } from './value-counts';

function statisticsOf(
  type: 'uint8' | 'int16' | 'uint16',
  values: ArrayLike<number>,
  usable: Uint8Array | null = null,
) {
  const counts = emptyCounts(type);
  if (!counts) throw new Error('a narrow type has a table');
  countValues(counts, values, usable, 0, values.length);
  return countedStatistics(counts, 0.005, 0.995, 256);
}

describe('counting values', () => {
  it('finds range, mean and percentiles', () => {
    const values = Uint8Array.from({ length: 1000 }, (_, i) =>
      i < 3 ? 0 : i > 996 ? 255 : 100 + (i % 2),
    );
    const found = statisticsOf('uint8', values);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(found).toMatchObject({ min: 0, max: 255, low: 100, high: 101 });
    expect(found?.mean).toBeCloseTo(mean, 9);
    expect(found?.bins.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(found?.bins[100]).toBe(values.filter((value) => value === 100).length);
  });

  it('keeps the sign', () => {
    expect(statisticsOf('int16', Int16Array.of(-300, -300, 200))).toMatchObject({
      min: -300,
      max: 200,
      mean: -400 / 3,
    });
  });

  it('leaves out what could not be read', () => {
    const values = Uint16Array.of(0, 500, 501, 0);
    expect(statisticsOf('uint16', values, Uint8Array.of(0, 1, 1, 0))).toMatchObject({
      min: 500,
      max: 501,
    });
    expect(statisticsOf('uint16', values, new Uint8Array(4))).toBeNull();
  });

  it('has no table for wide types', () => {
    expect(emptyCounts('float32')).toBeNull();
    expect(emptyCounts('uint32')).toBeNull();
  });
});
