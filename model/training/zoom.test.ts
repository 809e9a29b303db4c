import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deformed, type Displacement } from './elastic';
import { Random } from './random';
import { zoomedAndTurned } from './zoom';

const side = 65;
const middle = (side - 1) / 2;
const still: Displacement = {
  x: new Float32Array(side * side),
  y: new Float32Array(side * side),
};
const at = (x: number, y: number): number => y * side + x;

describe('zoom and turn', () => {
  it('keep the middle, all distances in proportion, and stay in their range', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const range = { zoom: 0.2, rotation: 45 };
        const { x, y } = zoomedAndTurned(still, side, range, new Random(seed));
        const place = (column: number, row: number): readonly [number, number] => [
          column + (x[at(column, row)] ?? 0),
          row + (y[at(column, row)] ?? 0),
        ];
        const [cx, cy] = place(middle, middle);
        expect(Math.hypot(cx - middle, cy - middle)).toBeLessThan(1e-4);
        const [rx, ry] = place(side - 1, middle);
        const factor = Math.hypot(rx - middle, ry - middle) / middle;
        expect(factor).toBeGreaterThan(1 / 1.2 - 1e-4);
        expect(factor).toBeLessThan(1.2 + 1e-4);
        expect(Math.abs(Math.atan2(ry - middle, rx - middle))).toBeLessThan(Math.PI / 4 + 1e-4);
        const [bx, by] = place(middle, side - 1);
        expect(bx - middle).toBeCloseTo(-(ry - middle), 3);
        expect(by - middle).toBeCloseTo(rx - middle, 3);
      }),
      { numRuns: 50, seed: 2026 },
    );
  });

  it('a factor above 1 shows more of the picture, so what is shown becomes smaller', () => {
    const bar = new Float32Array(side * side);
    for (let row = 0; row < side; row++)
      for (let column = middle - 10; column <= middle + 10; column++) bar[at(column, row)] = 1;
    const crop = { side, image: bar, target: bar, weight: bar, group: 'labels' };
    const widths = Array.from({ length: 20 }, (_, seed) => {
      const field = zoomedAndTurned(still, side, { zoom: 0.5, rotation: 0 }, new Random(seed));
      const factor = 1 + (field.x[at(side - 1, middle)] ?? 0) / middle;
      const row = deformed(crop, field).target.slice(at(0, middle), at(0, middle + 1));
      return factor * row.reduce((sum, value) => sum + value, 0);
    });
    for (const width of widths) expect(Math.abs(width - 21)).toBeLessThan(2.5);
  });

  it('draw nothing where they are off', () => {
    const random = new Random(3);
    expect(zoomedAndTurned(still, side, { zoom: 0, rotation: 0 }, random)).toBe(still);
    expect(random.state()).toEqual(new Random(3).state());
  });
});
