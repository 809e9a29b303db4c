import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellChanges, type CellChange } from './cell-changes';

const ROOMS = 4;
const PITCH = 22;
const SIDE = ROOMS * PITCH + 3;
const seed = 127;

/** Walls between rooms: to the right of room (i, j) at 2 (jROOMS + i), below it at the next. */
interface House {
  readonly walls: readonly boolean[];
  /** Pixels on either side of a wall's middle, 0 to 2. */
  readonly width: number;
  /** Pixels by which walls are moved aside. */
  readonly shift: number;
}

/** Rooms of 20 × 20 pixels; the outer walls are always there. */
function mask({ walls, width, shift }: House): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE);
  const wall = (x: number, y: number, w: number, h: number): void => {
    for (let row = Math.max(0, y); row < Math.min(SIDE, y + h); row++)
      out.fill(1, row * SIDE + Math.max(0, x), row * SIDE + Math.min(SIDE, x + w));
  };
  const thick = 1 + 2 * width;
  for (let j = 0; j < ROOMS; j++)
    for (let i = 0; i < ROOMS; i++) {
      const at = 2 * (j * ROOMS + i);
      const [x, y] = [(i + 1) * PITCH - width + shift, (j + 1) * PITCH - width + shift];
      const reach = PITCH + thick;
      if (i + 1 < ROOMS && walls[at]) wall(x, y - PITCH, thick, reach);
      if (j + 1 < ROOMS && walls[at + 1]) wall(x - PITCH, y, reach, thick);
    }
  wall(0, 0, SIDE, 2);
  wall(0, SIDE - 2, SIDE, 2);
  wall(0, 0, 2, SIDE);
  wall(SIDE - 2, 0, 2, SIDE);
  return out;
}

const house = (shift = 0): fc.Arbitrary<House> =>
  fc.record({
    walls: fc.array(fc.boolean(), { minLength: 2 * ROOMS ** 2, maxLength: 2 * ROOMS ** 2 }),
    width: fc.integer({ min: 0, max: 2 }),
    shift: fc.integer({ min: 0, max: shift }),
  });

/** Cells by walking, one pixel at a time: a number for each pixel inside. */
function walked(inside: (p: number) => boolean): Map<number, number> {
  const cells = new Map<number, number>();
  for (let start = 0; start < SIDE * SIDE; start++) {
    if (!inside(start) || cells.has(start)) continue;
    const ways = [start];
    for (let p = ways.pop(); p !== undefined; p = ways.pop()) {
      if (cells.has(p) || !inside(p)) continue;
      cells.set(p, start);
      if (p % SIDE > 0) ways.push(p - 1);
      if (p % SIDE < SIDE - 1) ways.push(p + 1);
      ways.push(p - SIDE, p + SIDE);
    }
  }
  return cells;
}

/** The naive answer: cells of `before` that share large pieces with more than one of `after`, by how many. */
function naiveSplits(before: Uint8Array, after: Uint8Array): number[] {
  const free = (p: number): boolean => before[p] === 0 && after[p] === 0;
  const [old, now, both] = [
    walked((p) => before[p] === 0),
    walked((p) => after[p] === 0),
    walked(free),
  ];
  const sizes = new Map<number, number>();
  const roomy = new Set<number>();
  for (const [p, piece] of both) {
    sizes.set(piece, (sizes.get(piece) ?? 0) + 1);
    const square = Array.from({ length: 25 }, (_, i) => p + (i % 5) + Math.floor(i / 5) * SIDE);
    if ((p % SIDE) + 5 <= SIDE && square.every(free)) roomy.add(piece);
  }
  const parts = new Map<number, Set<number>>();
  for (const [p, piece] of both) {
    if ((sizes.get(piece) ?? 0) < 150 || !roomy.has(piece)) continue;
    const cell = old.get(p) ?? -1;
    parts.set(cell, (parts.get(cell) ?? new Set()).add(now.get(p) ?? -1));
  }
  return [...parts.values()].map(({ size }) => size).filter((size) => size > 1);
}

const cellsOf = (changes: readonly CellChange[], kind: CellChange['kind']): Set<number> =>
  new Set(changes.filter((change) => change.kind === kind).map(({ cell }) => cell));

/** A mask after the painting of changes. */
function painted(mask: Uint8Array, changes: readonly CellChange[]): Uint8Array {
  const out = mask.slice();
  for (const { kind, spans } of changes)
    for (let i = 0; i < spans.length; i += 3) {
      const row = (spans[i] ?? 0) * SIDE;
      out.fill(kind === 'merge' ? 1 : 0, row + (spans[i + 1] ?? 0), row + (spans[i + 2] ?? 0));
    }
  return out;
}

const changes = (before: Uint8Array, after: Uint8Array): readonly CellChange[] =>
  cellChanges(before, after, SIDE, SIDE);
const closed: House = { walls: Array.from({ length: 32 }, () => true), width: 1, shift: 0 };
const open = (...gone: number[]): House => ({
  ...closed,
  walls: closed.walls.map((wall, i) => wall && !gone.includes(i)),
});

describe('what changes in cells', () => {
  it('is nothing between a mask and itself, or with other line widths and lines moved a little', () => {
    fc.assert(
      fc.property(house(2), fc.integer({ min: 0, max: 2 }), house(2), (one, width, other) => {
        const same = { ...one, width, shift: other.shift };
        expect(changes(mask(one), mask(one))).toEqual([]);
        expect(changes(mask(one), mask(same))).toEqual([]);
      }),
      { seed, numRuns: 80 },
    );
  });

  it('is one split where one wall came, with its place, its length and the parts', () => {
    const found = changes(mask(open(0)), mask(closed));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ kind: 'split', length: 19 });
    expect(found[0]?.parts).toEqual([19 * 19, 19 * 19]);
    expect(Math.abs((found[0]?.x ?? 0) - PITCH)).toBeLessThanOrEqual(1);
    expect(Math.abs((found[0]?.y ?? 0) - 11)).toBeLessThanOrEqual(1);
    expect(changes(mask(closed), mask(open(0)))).toMatchObject([{ kind: 'merge' }]);
  });

  it('parts the cells that a naive walk finds parted', () => {
    fc.assert(
      fc.property(house(3), house(3), (one, other) => {
        const [before, after] = [mask(one), mask(other)];
        const found = changes(before, after);
        expect(cellsOf(found, 'split').size).toBe(naiveSplits(before, after).length);
        expect(cellsOf(found, 'merge').size).toBe(naiveSplits(after, before).length);
      }),
      { seed, numRuns: 25 },
    );
  });

  it('turns splits into merges where old and new change places', () => {
    fc.assert(
      fc.property(house(), house(), (one, other) => {
        const facts = (list: readonly CellChange[], swapped: boolean): unknown[] =>
          list.map(({ kind, ...rest }) => ({
            kind: swapped ? (kind === 'split' ? 'merge' : 'split') : kind,
            ...{ parts: rest.parts, box: rest.box, length: rest.length },
          }));
        const there = facts(changes(mask(one), mask(other)), false);
        const back = facts(changes(mask(other), mask(one)), true);
        expect(new Set(back.map((fact) => JSON.stringify(fact)))).toEqual(
          new Set(there.map((fact) => JSON.stringify(fact))),
        );
      }),
      { seed, numRuns: 60 },
    );
  });

  it('is undone by painting what each change says, and by painting one, that one', () => {
    fc.assert(
      fc.property(house(2), house(2), (one, other) => {
        const [before, after] = [mask(one), mask(other)];
        const found = changes(before, after);
        // Merges cut in what splits have opened; one kind at a time is exact.
        for (const kind of ['split', 'merge'] as const) {
          const mine = found.filter((change) => change.kind === kind);
          const left = changes(before, painted(after, mine));
          expect(left.filter((change) => change.kind === kind)).toEqual([]);
        }
      }),
      { seed, numRuns: 60 },
    );
    const two = changes(mask(open(0, 20)), mask(closed));
    expect(two).toHaveLength(2);
    const after = painted(mask(closed), two.slice(0, 1));
    expect(changes(mask(open(0, 20)), after)).toHaveLength(1);
  });

  it('paints a wall that went three pixels wide', () => {
    const [merge] = changes(mask(closed), mask(open(0)));
    const spans = merge?.spans ?? [];
    expect(spans[0]).toBe(2);
    for (let i = 0; i < spans.length; i += 3)
      expect((spans[i + 2] ?? 0) - (spans[i + 1] ?? 0)).toBe(3);
    const [across] = changes(mask(closed), mask(open(1)));
    expect(across?.spans).toHaveLength(3 * 3);
    expect(across?.spans.slice(1, 3)).toEqual([2, 21]);
  });

  it.each([3, 5])('is nothing where a long wall moves %i pixels aside', (moved) => {
    const wall = (at: number): Uint8Array => {
      const out = mask({ ...closed, walls: closed.walls.map(() => false) });
      for (let y = 0; y < SIDE; y++) out.fill(1, y * SIDE + at, y * SIDE + at + 2);
      return out;
    };
    // The strip between is of moved − 2 times 87 pixels.
    expect(changes(wall(40), wall(40 + moved))).toEqual([]);
  });

  it('does not count a speck, or a part too small to be a cell', () => {
    const before = mask(open(0));
    const after = before.slice();
    // A room of 11 × 11 pixels in a corner.
    for (let i = 2; i <= 13; i++) after[13 * SIDE + i] = after[i * SIDE + 13] = 1;
    expect(changes(before, after)).toEqual([]);
  });
});
