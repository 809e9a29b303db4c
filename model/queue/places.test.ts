import { describe, expect, it } from 'vitest';
import { Random } from '../training/random';
import { doubtfulPlaces, type DoubtfulPlace, type QueueSlice } from './places';

const WIDTH = 90;
const HEIGHT = 40;
/** Of the mask, in bytes. */
const THRESHOLD = 46;

/** Three rooms of 40 rows between walls at x = 30 and x = 60; `wall` says how sure the map is of one at a row. */
function rooms(wall: (x: 30 | 60, y: number) => number, seed = 1): QueueSlice {
  const random = new Random(seed);
  const probability = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, p) => {
    const x = p % WIDTH;
    const noise = random.integer(3);
    return x === 30 || x === 60 ? wall(x, Math.floor(p / WIDTH)) - noise : noise;
  });
  return { probability, width: WIDTH, height: HEIGHT, settled: null };
}

describe('places that are probably wrong', () => {
  it('are where a membrane ends: the gap, not the wall', () => {
    const slice = rooms((x, y) => (x === 30 && y >= 8 && y < 16 ? 30 : 255));
    const [first, ...rest] = doubtfulPlaces(slice, THRESHOLD);
    expect(first).toMatchObject({ kind: 'end', box: { x: 30, y: 8, width: 1, height: 8 } });
    expect(first?.x).toBe(30);
    expect(Math.abs((first?.y ?? 0) - 11.5)).toBeLessThan(1);
    expect(rest).toEqual([]);
  });

  it('are where two cells touch, the likelier the higher the crest is', () => {
    const places = doubtfulPlaces(
      rooms((x) => (x === 30 ? 15 : 40)),
      THRESHOLD,
    );
    expect(places.map(({ kind, x }) => [kind, x])).toEqual([
      ['open', 60],
      ['open', 30],
    ]);
  });

  it('are walls that are hardly there, the weakest first, and no strong ones', () => {
    const places = doubtfulPlaces(
      rooms((x) => (x === 30 ? 60 : 130)),
      THRESHOLD,
    );
    expect(places.map(({ kind, x }) => [kind, x])).toEqual([
      ['faint', 30],
      ['faint', 60],
    ]);
    expect(
      doubtfulPlaces(
        rooms(() => 254),
        THRESHOLD,
      ),
    ).toEqual([]);
  });

  it('are no walls whose both sides are one cell around their end', () => {
    // The weak wall at 60 has a gap: what is weak of it parts nothing.
    const places = doubtfulPlaces(
      rooms((x, y) => (x === 60 ? (y < 4 ? 20 : 70) : 254)),
      THRESHOLD,
    );
    expect(places.map(({ kind }) => kind)).toEqual(['end']);
  });

  it('are none on a blank slice, on one without an interior, and on one of a pixel', () => {
    for (const value of [0, 255])
      for (const [width, height] of [
        [64, 64],
        [1, 1],
        [1, 300],
      ] as const) {
        const probability = new Uint8Array(width * height).fill(value);
        expect(doubtfulPlaces({ probability, width, height, settled: null }, THRESHOLD)).toEqual(
          [],
        );
      }
  });

  it('are nearly the same where a large slice is looked through block by block', () => {
    const random = new Random(7);
    const [width, height] = [400, 300];
    // Rooms of 40 × 40; every wall between two of them is as sure as chance has it.
    const sure = Array.from({ length: 200 }, () => 20 + random.integer(200));
    const probability = Uint8Array.from({ length: width * height }, (_, p) => {
      const [x, y] = [p % width, Math.floor(p / width)];
      const room = Math.floor(x / 40) + 10 * Math.floor(y / 40);
      if (x % 40 === 0 || y % 40 === 0)
        return x % 40 === y % 40 ? 255 : sure[2 * room + (x % 40 ? 0 : 1)]!;
      return 0;
    });
    const slice = { probability, width, height, settled: null };
    const whole = doubtfulPlaces(slice, THRESHOLD);
    expect(whole.length).toBeGreaterThan(40);
    // None twice; only cells that reach beyond the margin of a block may differ.
    const blocks = doubtfulPlaces(slice, THRESHOLD, 100);
    const spot = ({ x, y, kind }: DoubtfulPlace): string => [x, y, kind].join();
    expect(new Set(blocks.map(spot)).size).toBe(blocks.length);
    const known = new Set(whole.map(spot));
    expect(blocks.filter((place) => known.has(spot(place))).length).toBeGreaterThan(
      0.9 * whole.length,
    );
  });

  it('are not asked about again where somebody painted or confirmed', () => {
    const slice = rooms((x) => (x === 30 ? 15 : 40));
    const settled = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 5; y < HEIGHT; y++) settled[y * WIDTH + 60] = 1;
    const places = doubtfulPlaces({ ...slice, settled }, THRESHOLD);
    expect(places.map(({ x }) => x)).toEqual([30]);
  });
});
