import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partsBeside } from './beside-mask';

const edge = fc.integer({ min: -2000, max: 2000 });
const length = fc.integer({ min: 1, max: 1000 });

it('every pixel of a tile lies on one side of the divider, and on the right one', () => {
  fc.assert(
    fc.property(
      edge,
      edge,
      length,
      length,
      fc.double({ min: -3000, max: 3000, noNaN: true }),
      (x, y, width, height, divider) => {
        const { left, right } = partsBeside({ x, y, width, height }, divider);
        expect((left?.width ?? 0) + (right?.width ?? 0)).toBe(width);
        for (const part of [left, right]) if (part) expect(part).toMatchObject({ y, height });
        if (left) {
          expect(left.x).toBe(x);
          expect(left.x + left.width).toBeLessThanOrEqual(Math.max(x, Math.round(divider)));
        }
        if (right) {
          expect(right.x + right.width).toBe(x + width);
          expect(right.x).toBeGreaterThanOrEqual(Math.min(x + width, Math.round(divider)));
        }
      },
    ),
    { seed: 11, numRuns: 500 },
  );
});
