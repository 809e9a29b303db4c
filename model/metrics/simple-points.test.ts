import { describe, expect, it } from 'vitest';
import { simplePoints } from './simple-points';

/** Neighbours of the pixel in the middle, in the table's order of bits: round from the upper left. */
const ring = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
] as const;

/** Pieces of a set of points, which touch by a side, or by corners as well. */
function pieces(
  points: readonly (readonly [number, number])[],
  corners: boolean,
): [number, number][][] {
  const left = points.map(([x, y]): [number, number] => [x, y]);
  const found: [number, number][][] = [];
  for (let first = left.pop(); first; first = left.pop()) {
    const piece = [first];
    for (const [x, y] of piece)
      for (const point of [...left]) {
        const [dx, dy] = [Math.abs(point[0] - x), Math.abs(point[1] - y)];
        if (corners ? Math.max(dx, dy) > 1 : dx + dy > 1) continue;
        left.splice(left.indexOf(point), 1);
        piece.push(point);
      }
    found.push(piece);
  }
  return found;
}

describe('simple points', () => {
  it('are those whose change leaves the pieces of interior and membrane as they are', () => {
    for (let neighbours = 0; neighbours < 256; neighbours++) {
      const interior = ring.filter((_, k) => ((neighbours >> k) & 1) === 1);
      const membrane = ring.filter((_, k) => ((neighbours >> k) & 1) === 0);
      // With the pixel on either side, nothing may join, part, appear or vanish.
      const touching = pieces(interior, false).filter((piece) =>
        piece.some(([x, y]) => x === 0 || y === 0),
      );
      const simple = touching.length === 1 && pieces(membrane, true).length === 1;
      expect([neighbours, simplePoints[neighbours]]).toEqual([neighbours, simple ? 1 : 0]);
    }
    expect(simplePoints.reduce((sum, value) => sum + value, 0)).toBe(116);
  });
});
