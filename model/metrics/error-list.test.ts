import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorList } from './error-list';
import { evaluateStack } from './evaluate';
import type { ScoredSlice } from './scored-slice';

type Mask = (x: number, y: number) => boolean;

/** `truth` and `predicted` say where membrane is. */
function slice(width: number, height: number, truth: Mask, predicted: Mask): ScoredSlice {
  const places = Array.from({ length: width * height }, (_, i) => ({
    x: i % width,
    y: Math.floor(i / width),
  }));
  return {
    probability: Float32Array.from(places, ({ x, y }) => (predicted(x, y) ? 0.9 : 0.1)),
    truth: Uint8Array.from(places, ({ x, y }) => (truth(x, y) ? 1 : 0)),
    width,
    height,
  };
}

/** Cells of different sizes between walls of their own thickness; every wall is a range of columns or rows. */
const houses = fc
  .record({
    columns: fc.array(fc.integer({ min: 6, max: 11 }), { minLength: 2, maxLength: 4 }),
    rows: fc.array(fc.integer({ min: 6, max: 11 }), { minLength: 1, maxLength: 3 }),
    thickness: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ columns, rows, thickness }) => {
    const starts = (sizes: readonly number[]): number[] =>
      sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size + thickness, 0));
    const [lefts, tops] = [starts(columns), starts(rows)];
    const inside = (at: number, from: readonly number[], sizes: readonly number[]): boolean =>
      from.some((start, i) => at >= start && at < start + sizes[i]!);
    const truth: Mask = (x, y) => !inside(x, lefts, columns) || !inside(y, tops, rows);
    const length = (from: readonly number[], sizes: readonly number[]): number =>
      from.at(-1)! + sizes.at(-1)!;
    return {
      columns,
      rows,
      thickness,
      lefts,
      tops,
      truth,
      width: length(lefts, columns),
      height: length(tops, rows),
    };
  });

const within = (
  { x, y, box }: ReturnType<typeof errorList>[number],
  left: number,
  top: number,
  width: number,
  height: number,
): boolean =>
  [box.x, box.x + box.width - 1, x].every((at) => at >= left && at < left + width) &&
  [box.y, box.y + box.height - 1, y].every((at) => at >= top && at < top + height);

describe('the list of errors', () => {
  it('is empty for a perfect prediction, whatever the walls', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }), (membrane) => {
        const truth: Mask = (x, y) => membrane[y * 12 + x]!;
        expect(errorList(slice(12, 10, truth, truth), 0.5)).toEqual([]);
      }),
      { seed: 2026 },
    );
  });

  it('is empty where walls are only thicker', () => {
    fc.assert(
      fc.property(houses, ({ truth, width, height, thickness }) => {
        fc.pre(thickness < 3);
        const thick: Mask = (x, y) =>
          [-1, 0, 1].some((dx) =>
            [-1, 0, 1].some(
              (dy) =>
                x + dx >= 0 &&
                y + dy >= 0 &&
                x + dx < width &&
                y + dy < height &&
                truth(x + dx, y + dy),
            ),
          );
        expect(errorList(slice(width, height, truth, thick), 0.5)).toEqual([]);
      }),
      { seed: 2026 },
    );
  });

  it('has exactly one merge for a gap, at the gap', () => {
    fc.assert(
      fc.property(
        houses,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 6 }),
        (house, c, r, long) => {
          const { columns, rows, lefts, tops, thickness, truth, width, height } = house;
          const column = c % (columns.length - 1);
          const row = r % rows.length;
          const left = lefts[column]! + columns[column]!;
          const length = Math.min(long, rows[row]!);
          const top = tops[row]! + (r % (rows[row]! - length + 1));
          const gap: Mask = (x, y) =>
            x >= left && x < left + thickness && y >= top && y < top + length;
          const given = slice(width, height, truth, (x, y) => truth(x, y) && !gap(x, y));
          const errors = errorList(given, 0.5);
          expect(errors).toHaveLength(1);
          const [error] = errors;
          expect(error).toMatchObject({ kind: 'merge', size: length });
          expect(within(error!, left, top, thickness, length)).toBe(true);
          const cells = [columns[column]! * rows[row]!, columns[column + 1]! * rows[row]!];
          expect(error!.parts).toEqual(cells.sort((a, b) => b - a));
          const scores = evaluateStack([given], 0.5);
          expect(error!.cost.vInfo).toBeCloseTo(1 - scores.vInfo.score, 9);
          expect(error!.cost.vRand).toBeCloseTo(1 - scores.vRand.score, 9);
        },
      ),
      { seed: 2026 },
    );
  });

  it('has exactly one split for a wall too many, at the wall', () => {
    fc.assert(
      fc.property(houses, fc.nat(), fc.nat(), (house, c, r) => {
        const { columns, rows, lefts, tops, truth, width, height } = house;
        const column = c % columns.length;
        const row = r % rows.length;
        const wall = lefts[column]! + 1 + (c % (columns[column]! - 2));
        const [top, length] = [tops[row]!, rows[row]!];
        const extra: Mask = (x, y) => x === wall && y >= top && y < top + length;
        const given = slice(width, height, truth, (x, y) => truth(x, y) || extra(x, y));
        const errors = errorList(given, 0.5);
        expect(errors).toHaveLength(1);
        const [error] = errors;
        expect(error).toMatchObject({ kind: 'split', size: length });
        expect(within(error!, wall, top, 1, length)).toBe(true);
        const before = wall - lefts[column]!;
        const parts = [before * length, (columns[column]! - before - 1) * length];
        expect(error!.parts).toEqual(parts.sort((a, b) => b - a));
        // The wall's own pixels are nobody's, so the measure takes a little more than the cost.
        const { vInfo } = evaluateStack([given], 0.5);
        expect(1 - vInfo.score).toBeGreaterThan(error!.cost.vInfo);
      }),
      { seed: 2026 },
    );
  });

  it('has the lost cell that is membrane all over', () => {
    const truth: Mask = (x, y) => x % 10 === 9 || y === 9;
    const lost: Mask = (x, y) => truth(x, y) || (x >= 10 && x < 19 && y < 9);
    expect(errorList(slice(29, 20, truth, lost), 0.5)).toMatchObject([
      { kind: 'lost', box: { x: 10, y: 0, width: 9, height: 9 }, size: 81, parts: [81, 26] },
    ]);
  });

  it('parts a prediction without any wall into its walls, the most costly first', () => {
    const truth: Mask = (x, y) => x === 8 || x === 14 || y === 10;
    const errors = errorList(
      slice(20, 24, truth, () => false),
      0.5,
    );
    expect(errors.map(({ kind }) => kind)).toEqual(new Array(7).fill('merge'));
    const costs = errors.map(({ cost }) => cost.vInfo);
    expect(costs).toEqual(costs.toSorted((a, b) => b - a));
    expect(costs[0]).toBeGreaterThan(costs.at(-1)!);
  });

  it('leaves out a speck and a wall that is moved by its thickness', () => {
    const truth: Mask = (x) => x === 10;
    const speck: Mask = (x, y) => x === 10 || (x === 4 && y === 4);
    const moved: Mask = (x) => x === 11;
    expect(errorList(slice(21, 12, truth, speck), 0.5)).toEqual([]);
    expect(errorList(slice(21, 12, truth, moved), 0.5)).toEqual([]);
  });

  it('charges a wall that is moved further with the strip between only', () => {
    const errors = errorList(
      slice(
        21,
        12,
        (x) => x === 10,
        (x) => x === 13,
      ),
      0.5,
    );
    expect(errors).toMatchObject([
      { kind: 'merge', parts: [120, 24] },
      { kind: 'split', parts: [84, 24] },
    ]);
  });
});
