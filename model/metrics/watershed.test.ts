import { describe, expect, it } from 'vitest';
import { Random } from '../training/random';
import { componentsOf, framedMask, unframed, type FramedMask, type Regions } from './components';
import { contingencyOf } from './contingency';
import { evaluateStack } from './evaluate';
import { infoScore } from './info';
import { randScore, randSums } from './rand';
import { warpingError, warpSlice } from './warping';
import { flood } from './watershed';

/** Smooth random maps look like probability maps: thick and thin walls, gaps, specks. */
function smoothMap(width: number, height: number, seed: number): Float32Array {
  const random = new Random(seed);
  let map = Float32Array.from({ length: width * height }, () => random.uniform());
  for (let pass = 0; pass < 2; pass++) {
    map = map.map((_, i) => {
      const x = i % width;
      const y = Math.floor(i / width);
      let sum = 0;
      let count = 0;
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
          sum += map[i + dy * width + dx] ?? 0;
          count++;
        }
      }
      return sum / count;
    });
  }
  const low = Math.min(...map);
  const high = Math.max(...map);
  return map.map((value) => (value - low) / (high - low));
}

const maskOf = (interior: Uint8Array, width: number, height: number): FramedMask =>
  framedMask(
    interior.map((value) => 1 - value),
    1,
    width,
    height,
  );

function flooded(interior: Uint8Array, width: number, height: number): Regions {
  const mask = maskOf(interior, width, height);
  return flood(mask, componentsOf(mask));
}

/** The definition written down word by word, with pixels as strings and states as words: slow, and unlike the fast one. */
function literalFlooding(interior: Uint8Array, width: number, height: number): Map<string, number> {
  const state = new Map<string, number | 'mask' | 'in-queue' | 'init'>();
  const key = (x: number, y: number): string => `${x},${y}`;
  const around = (place: string): string[] => {
    const [x = 0, y = 0] = place.split(',').map(Number);
    return [key(x - 1, y), key(x, y - 1), key(x + 1, y), key(x, y + 1)].filter((each) =>
      state.has(each),
    );
  };
  const levels: string[][] = [[], []];
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      state.set(key(x, y), 'init');
      levels[interior[y * width + x] === 1 ? 0 : 1]?.push(key(x, y));
    }
  }
  let current = 0;
  let flag = false;
  for (const level of levels) {
    const queue: string[] = [];
    for (const p of level) state.set(p, 'mask');
    for (const p of level) {
      if (around(p).some((q) => typeof state.get(q) === 'number')) {
        state.set(p, 'in-queue');
        queue.push(p);
      }
    }
    for (let p = queue.shift(); p !== undefined; p = queue.shift()) {
      for (const q of around(p)) {
        const mine = state.get(p);
        const theirs = state.get(q);
        if (typeof theirs === 'number' && theirs > 0) {
          if (mine === 'in-queue' || (mine === 0 && flag)) state.set(p, theirs);
          else if (typeof mine === 'number' && mine > 0 && mine !== theirs) {
            state.set(p, 0);
            flag = false;
          }
        } else if (theirs === 0) {
          if (mine === 'in-queue') {
            state.set(p, 0);
            flag = true;
          }
        } else if (theirs === 'mask') {
          state.set(q, 'in-queue');
          queue.push(q);
        }
      }
    }
    for (const start of level) {
      if (state.get(start) !== 'mask') continue;
      current++;
      const pending = [start];
      state.set(start, current);
      for (let p = pending.shift(); p !== undefined; p = pending.shift()) {
        for (const q of around(p)) {
          if (state.get(q) !== 'mask') continue;
          state.set(q, current);
          pending.push(q);
        }
      }
    }
  }
  return new Map(
    [...state].map(([place, value]) => [place, typeof value === 'number' ? value : -1]),
  );
}

describe('thinning membranes by flooding', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'agrees pixel by pixel with the definition written down literally (map %i)',
    (seed) => {
      const width = 41;
      const height = 33;
      const interior = Uint8Array.from(smoothMap(width, height, seed), (value) =>
        value > 0.5 ? 1 : 0,
      );
      const fast = unframed(flooded(interior, width, height), width, height);
      const literal = literalFlooding(interior, width, height);
      let dams = 0;
      fast.labels.forEach((label, i) => {
        if (label === 0) dams++;
        expect(label).toBe(literal.get(`${i % width},${Math.floor(i / width)}`));
      });
      expect(dams).toBeGreaterThan(0);
      expect(fast.count).toBeGreaterThan(3);
    },
  );

  it('makes one region of an image without interior', () => {
    const { labels, count } = unframed(flooded(new Uint8Array(12), 4, 3), 4, 3);
    expect(count).toBe(1);
    expect(labels.every((label) => label === 1)).toBe(true);
  });
});

describe('the pair table', () => {
  it('counts what a plain double loop counts', () => {
    const width = 60;
    const cells = (seed: number): Uint8Array =>
      Uint8Array.from(smoothMap(width, width, seed), (v) => (v > 0.5 ? 1 : 0));
    const truth = componentsOf(maskOf(cells(8), width, width));
    const prediction = flooded(cells(9), width, width);
    const table = contingencyOf(truth, prediction);
    const plain = new Map<string, number>();
    let singles = 0;
    truth.labels.forEach((a, i) => {
      const b = prediction.labels[i] ?? 0;
      if (a <= 0) return;
      if (b <= 0) singles++;
      else plain.set(`${a},${b}`, (plain.get(`${a},${b}`) ?? 0) + 1);
    });
    expect(table.singles).toBe(singles);
    expect([...table.pairs].toSorted((a, b) => a - b)).toEqual(
      [...plain.values()].toSorted((a, b) => a - b),
    );
    expect(randScore(randSums(table)).score).toBeLessThan(1);
    expect(infoScore(table).score).toBeGreaterThan(0);
  });
});

describe('scoring a stack', () => {
  const size = 48;
  const slice = (
    seed: number,
  ): { probability: Float32Array; truth: Uint8Array; width: number; height: number } => ({
    probability: smoothMap(size, size, seed),
    truth: Uint8Array.from(smoothMap(size, size, seed), (value) => (value > 0.6 ? 1 : 0)),
    width: size,
    height: size,
  });

  it('takes the mean of the slices and leaves out one without interior', () => {
    const [a, b] = [slice(1), slice(2)];
    const each = [evaluateStack([a], 0.5), evaluateStack([b], 0.5)];
    const blank = { ...a, truth: new Uint8Array(size * size).fill(1) };
    const both = evaluateStack([a, b, blank], 0.5);
    expect(both.vInfo.score).toBeCloseTo(
      ((each[0]?.vInfo.score ?? 0) + (each[1]?.vInfo.score ?? 0)) / 2,
      12,
    );
  });

  it('leaves pixels of weight 0 out of the pixel scores', () => {
    const given = slice(3);
    const weight = Uint8Array.from(given.truth, (value, i) =>
      (given.probability[i] ?? 0) >= 0.5 === (value === 1) ? 1 : 0,
    );
    expect(evaluateStack([given], 0.5).accuracy).toBeLessThan(1);
    expect(evaluateStack([{ ...given, weight }], 0.5).accuracy).toBe(1);
  });

  it('leaves pixels of weight 0 out of the region scores, and cells go on across them', () => {
    const width = 20;
    const at = (x: number, y: number): number => y * width + x;
    const truth = new Uint8Array(width * width);
    const probability = new Float32Array(width * width);
    const weight = new Uint8Array(width * width).fill(1);
    for (let i = 0; i < width; i++) {
      truth[at(10, i)] = 1;
      probability[at(10, i)] = 1;
      // Dirt across the left cell, taken for a wall.
      if (i < 10) probability[at(i, 8)] = 1;
      if (i < 10) weight[at(i, 8)] = 0;
    }
    const given = { probability, truth, width, height: width };
    const whole = evaluateStack([given], 0.5);
    const without = evaluateStack([{ ...given, weight }], 0.5);
    expect(whole.accuracy).toBeLessThan(1);
    expect(without.accuracy).toBe(1);
    expect(warpingError([warpSlice(given, 0.5)])).toMatchObject({ splits: 1 });
    expect(warpingError([warpSlice({ ...given, weight }, 0.5)]).error).toBe(0);
    // The cell is still in two pieces beside the dirt.
    expect(without.vInfo.recall).toBeLessThan(1);
    const none = evaluateStack([{ ...given, weight: new Uint8Array(width * width) }], 0.5);
    expect(none.vInfo.score).toBeNaN();
  });

  it('says so when no slice has interior', () => {
    const blank = { ...slice(1), truth: new Uint8Array(size * size).fill(1) };
    expect(evaluateStack([blank], 0.5).vInfo.score).toBeNaN();
  });
});
