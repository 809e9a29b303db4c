import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majority, maskOf, near } from '../testing/naive-shapes';
import { anyField, anyNumber, drawn, picture } from '../testing/random-fields';
import { growArea, shrinkArea } from './grow';
import { smoothArea } from './smooth';

const masks = anyField([0, 1]);
const radius = fc.oneof(fc.integer({ min: 0, max: 12 }), anyNumber(0, 12), fc.constant(60));

const differences = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, byte, i) => sum + (byte === b[i] ? 0 : 1), 0);

describe('growing and shrinking', () => {
  it('moves the outline by an exact disc', () => {
    const changed = { grown: 0, shrunk: 0 };
    fc.assert(
      fc.property(masks, radius, (mask, r) => {
        const grown = near(mask, r, (byte) => byte !== 0);
        expect(maskOf(growArea(mask, r), mask.rect)).toEqual(grown);
        const lost = near(mask, r, (byte) => byte === 0);
        const shrunk = lost.map((byte) => 1 - byte);
        expect(maskOf(shrinkArea(mask, r), mask.rect)).toEqual(shrunk);
        changed.grown += differences(grown, mask.data);
        changed.shrunk += differences(shrunk, mask.data);
      }),
      { numRuns: 80, seed: 2026 },
    );
    expect(changed.grown).toBeGreaterThan(2_000);
    expect(changed.shrunk).toBeGreaterThan(2_000);
  });

  it('of a dot gives a disc; the slice has no more to take at its edge', () => {
    const dot = drawn([
      '.......',
      '.......',
      '.......',
      '...#...',
      '.......',
      '.......',
      '.......',
    ]);
    expect(picture(maskOf(growArea(dot, 2), dot.rect), 7)).toEqual([
      '.......',
      '...#...',
      '..###..',
      '.#####.',
      '..###..',
      '...#...',
      '.......',
    ]);
    const edge = drawn(['###.', '###.', '###.']);
    expect(picture(maskOf(shrinkArea(edge, 1), edge.rect), 4)).toEqual(['##..', '##..', '##..']);
  });
});

describe('smoothing', () => {
  it('makes every pixel what most of the disc around it is', () => {
    const changed = { in: 0, out: 0 };
    fc.assert(
      fc.property(masks, radius, (mask, r) => {
        const smooth = majority(mask, r);
        expect(maskOf(smoothArea(mask, r), mask.rect)).toEqual(smooth);
        smooth.forEach((byte, i) => {
          if (byte !== mask.data[i]) changed[byte === 1 ? 'in' : 'out'] += 1;
        });
      }),
      { numRuns: 80, seed: 2026 },
    );
    expect(changed.in).toBeGreaterThan(500);
    expect(changed.out).toBeGreaterThan(500);
  });

  it('takes a tooth off an edge and closes a notch', () => {
    const mask = drawn(['......', '..#...', '######', '######', '####.#', '######', '######']);
    expect(picture(maskOf(smoothArea(mask, 1.5), mask.rect), 6)).toEqual([
      '......',
      '......',
      '######',
      '######',
      '######',
      '######',
      '######',
    ]);
  });
});
