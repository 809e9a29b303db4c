import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskOf, maskOfPixels, pieces, reachable, touchesEdge } from '../testing/naive-shapes';
import { anyField, drawn, picture, withPoint } from '../testing/random-fields';
import { indexAt } from '../byte-field';
import { areaPixelCount } from '../pixel-area';
import { floodArea } from './flood';
import { holesArea } from './holes';
import { specksArea } from './specks';
import { wandArea } from './wand';

const classes = anyField([0, 1, 2, 3]);
const values = anyField([0, 20, 90, 100, 101, 130, 255]);

describe('a fill', () => {
  it('takes what is joined to the pixel under the pointer and shows the same class', () => {
    let filled = 0;
    let left = 0;
    fc.assert(
      fc.property(withPoint(classes), ([field, seed]) => {
        const at = indexAt(field, seed);
        const own = field.data[at];
        const expected = reachable(field, at, (byte) => byte === own, 4);
        const area = floodArea(field, seed);
        expect(maskOf(area, field.rect)).toEqual(maskOfPixels(expected, field.rect));
        filled += expected.size;
        left += field.data.filter((byte, i) => byte === own && !expected.has(i)).length;
      }),
      { numRuns: 300, seed: 2026 },
    );
    expect(filled).toBeGreaterThan(10_000);
    // Pixels of the same class elsewhere were there to be left alone.
    expect(left).toBeGreaterThan(500);
  });

  it('does not leak through a membrane that is joined by corners only', () => {
    const field = drawn(['..1..', '.1.1.', '1...1', '.1.1.', '..1..'], 500, 510);
    const area = floodArea(field, { x: 502.5, y: 512.5 });
    expect(picture(maskOf(area, field.rect), 5)).toEqual([
      '.....',
      '..#..',
      '.###.',
      '..#..',
      '.....',
    ]);
  });

  it('outside the field takes nothing', () => {
    const field = drawn(['..', '..'], 10, 10);
    for (const seed of [
      { x: 9.9, y: 11 },
      { x: 12, y: 11 },
      { x: 11, y: 12 },
      { x: 11, y: 9 },
    ])
      expect(floodArea(field, seed).spans).toHaveLength(0);
  });

  it('goes around any corner: a spiral is filled to its middle', () => {
    const field = drawn([
      '.........',
      '########.',
      '.......#.',
      '.#####.#.',
      '.#...#.#.',
      '.#.###.#.',
      '.#.....#.',
      '.#######.',
      '.........',
    ]);
    const expected = field.data.filter((byte) => byte === 0).length;
    expect(areaPixelCount(floodArea(field, { x: 3, y: 4 }))).toBe(expected);
  });
});

describe('the wand', () => {
  it('takes what is joined to the seed and within the tolerance of its value', () => {
    let taken = 0;
    let wider = 0;
    fc.assert(
      fc.property(withPoint(values), fc.integer({ min: 0, max: 160 }), ([field, seed], most) => {
        const at = indexAt(field, seed);
        const own = field.data[at] ?? 0;
        const expected = reachable(field, at, (byte) => Math.abs(byte - own) <= most, 4);
        expect(maskOf(wandArea(field, seed, most), field.rect)).toEqual(
          maskOfPixels(expected, field.rect),
        );
        taken += expected.size;
        if ([...expected].some((i) => field.data[i] !== own)) wider += 1;
      }),
      { numRuns: 300, seed: 2026 },
    );
    expect(taken).toBeGreaterThan(10_000);
    expect(wider).toBeGreaterThan(50);
  });

  it('takes everything at the widest tolerance, and nothing outside the field', () => {
    const field = drawn(['019', '910', '505']);
    expect(areaPixelCount(wandArea(field, { x: 1, y: 1 }, 255))).toBe(9);
    expect(wandArea(field, { x: 3, y: 1 }, 255).spans).toHaveLength(0);
  });
});

describe('filling holes', () => {
  it('takes the pieces of anything else that the class encloses, however they are shaped', () => {
    let filled = 0;
    let open = 0;
    fc.assert(
      fc.property(
        anyField([1, 2]),
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 60 }),
        (field, id, most) => {
          const others = pieces(field, (byte) => byte !== id, 4);
          const holes = others.filter((piece) => !touchesEdge(piece, field.rect));
          expect(maskOf(holesArea(field, id), field.rect)).toEqual(
            maskOfPixels(
              holes.flatMap((piece) => [...piece]),
              field.rect,
            ),
          );
          const small = holes.filter((piece) => piece.size <= most);
          expect(maskOf(holesArea(field, id, most), field.rect)).toEqual(
            maskOfPixels(
              small.flatMap((piece) => [...piece]),
              field.rect,
            ),
          );
          filled += holes.length;
          open += others.length - holes.length;
        },
      ),
      { numRuns: 300, seed: 2026 },
    );
    expect(filled).toBeGreaterThan(40);
    expect(open).toBeGreaterThan(100);
  });

  it('fills a hole that holds another class, and not a bay', () => {
    const field = drawn(['.####.', '.#..#.', '.#3.#.', '.####.', '.#..#.', '.#..#.']);
    expect(picture(maskOf(holesArea(field, 1), field.rect), 6)).toEqual([
      '......',
      '..##..',
      '..##..',
      '......',
      '......',
      '......',
    ]);
  });
});

describe('removing specks', () => {
  it('takes the pieces of the class that are small enough; corners join', () => {
    let taken = 0;
    let kept = 0;
    fc.assert(
      fc.property(
        classes,
        fc.constantFrom(1, 2),
        fc.integer({ min: 1, max: 30 }),
        (field, id, most) => {
          const all = pieces(field, (byte) => byte === id, 8);
          const specks = all.filter((piece) => piece.size <= most);
          expect(maskOf(specksArea(field, id, most), field.rect)).toEqual(
            maskOfPixels(
              specks.flatMap((piece) => [...piece]),
              field.rect,
            ),
          );
          taken += specks.length;
          kept += all.length - specks.length;
        },
      ),
      { numRuns: 300, seed: 2026 },
    );
    expect(taken).toBeGreaterThan(100);
    expect(kept).toBeGreaterThan(100);
  });

  it('leaves a thin slanting line alone', () => {
    const field = drawn(['1....', '.1...', '..1..', '...1.', '1...1']);
    expect(picture(maskOf(specksArea(field, 1, 4), field.rect), 5)).toEqual([
      '.....',
      '.....',
      '.....',
      '.....',
      '#....',
    ]);
  });
});
