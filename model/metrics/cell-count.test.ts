import { expect, it } from 'vitest';
import { cellCount } from './cell-count';

it('counts interiors between walls, and no specks', () => {
  const [width, height] = [60, 20];
  // Walls at columns 20 and 40, the second with a gap; a speck in a ring of wall.
  const probability = Float32Array.from({ length: width * height }, (_, at) => {
    const x = at % width;
    const y = Math.floor(at / width);
    if (x === 20) return 0.9;
    if (x === 40) return y === 3 ? 0.3 : 0.9;
    return Math.max(Math.abs(x - 10), Math.abs(y - 10)) === 2 ? 0.9 : 0.05;
  });
  const size = { width, height };
  expect(cellCount(probability, 0.5, size)).toBe(2);
  expect(cellCount(probability, 0.2, size)).toBe(3);
  expect(cellCount(probability, 0.01, size)).toBe(0);
});
