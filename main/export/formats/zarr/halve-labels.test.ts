import { expect, it } from 'vitest';
import { halveLabels } from './halve-labels';

it('half the size has of every four pixels the value of most, of several the largest', () => {
  const four = (...values: number[]): number | undefined =>
    halveLabels(Uint8Array.from(values), 2, 2)[0];
  const cases: [number[], number][] = [
    [[0, 0, 0, 255], 0],
    [[0, 0, 255, 255], 255],
    [[255, 255, 0, 0], 255],
    [[0, 255, 0, 255], 255],
    [[255, 0, 0, 255], 255],
    [[0, 255, 255, 0], 255],
    [[3, 1, 1, 2], 1],
    [[1, 3, 2, 1], 1],
    [[2, 1, 3, 3], 3],
    [[1, 2, 3, 2], 2],
    [[1, 4, 2, 3], 4],
    [[7, 7, 7, 7], 7],
  ];
  for (const [values, expected] of cases)
    expect([values, four(...values)]).toEqual([values, expected]);
});

it('a row or a column that stands alone counts twice', () => {
  const odd = Uint16Array.of(1, 2, 300, 4, 5, 600, 7, 8, 900);
  expect(halveLabels(odd, 3, 3)).toEqual(Uint16Array.of(5, 600, 8, 900));
});
