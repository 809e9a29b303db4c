import { describe, expect, it } from 'vitest';
import { Random } from '../training/random';
import { basinsOf, GROUND } from './basins';

interface Field {
  readonly values: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** Hills and valleys with plateaus: a few levels, smoothed by repetition. */
function randomField(seed: number): Field {
  const random = new Random(seed);
  const width = 5 + random.integer(20);
  const height = 5 + random.integer(20);
  const step = 1 + random.integer(3);
  const coarse = Array.from({ length: 900 }, () => [0, 5, 20, 60, 61, 200][random.integer(6)]!);
  const values = Uint8Array.from(
    { length: width * height },
    (_, p) => coarse[Math.floor((p % width) / step) + 30 * Math.floor(p / width / step)]!,
  );
  return { values, width, height };
}

/** The 4-connected components of the pixels up to `level` that lie in `inside`. */
function components(
  { values, width, height }: Field,
  level: number,
  inside: Set<number>,
): Set<number>[] {
  const left = new Set([...inside].filter((p) => values[p]! <= level));
  const found: Set<number>[] = [];
  for (const start of left) {
    const part = new Set([start]);
    left.delete(start);
    for (const p of part)
      for (const q of [
        p % width > 0 ? p - 1 : -1,
        p % width < width - 1 ? p + 1 : -1,
        p - width,
        p + width < width * height ? p + width : -1,
      ])
        if (left.delete(q)) part.add(q);
    found.push(part);
  }
  return found;
}

/** How many basins a component of a level holds: those of its parts below that are large enough, at least one. */
function countBasins(field: Field, level: number, part: Set<number>, least: number): number {
  if (level <= GROUND) return 1;
  const parts = components(field, level - 1, part).filter(({ size }) => size >= least);
  if (parts.length === 1 && parts[0]!.size === part.size)
    return countBasins(field, level - 1, part, least);
  return Math.max(
    1,
    parts.reduce((sum, one) => sum + countBasins(field, level - 1, one, least), 0),
  );
}

describe('basins of a probability map', () => {
  it('are as many as the levels of the map say, read from the definition', () => {
    let several = 0;
    for (let seed = 0; seed < 30; seed++) {
      const field = randomField(seed);
      const { values, width, height } = field;
      const least = 4 + (seed % 5) * 3;
      const { labels, sizes } = basinsOf(values, width, height, least);
      const all = new Set(values.keys());
      expect(sizes.length, `seed ${String(seed)}`).toBe(countBasins(field, 255, all, least));
      sizes.forEach((size, basin) => {
        const own = new Set([...all].filter((p) => labels[p] === basin));
        expect(own.size).toBe(size);
        // Each is one piece, and none is too small to be asked about.
        expect(components(field, 255, own)).toHaveLength(1);
        if (sizes.length > 1) expect(size).toBeGreaterThanOrEqual(least);
      });
      if (sizes.length > 2) several += 1;
    }
    expect(several).toBeGreaterThan(5);
  });

  it('part two cells at a crest that no threshold of the mask shows', () => {
    // Two rooms of 20 × 20 and a wall of 40 with a gap of 12 in it.
    const width = 41;
    const values = Uint8Array.from({ length: width * 20 }, (_, p) => {
      if (p % width !== 20) return 0;
      return Math.floor(p / width) < 6 ? 12 : 40;
    });
    const { labels, sizes } = basinsOf(values, width, 20);
    expect(sizes).toHaveLength(2);
    expect(labels[10 * width + 5]).not.toBe(labels[10 * width + 35]);
    // The same crest on the ground of what a network calls nothing is none.
    expect(
      basinsOf(
        values.map((value) => value / 5),
        width,
        20,
      ).sizes,
    ).toHaveLength(1);
  });
});
