import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engines/engine';
import { selectEngine } from '../engines/select';
import { ModelError } from '../errors';
import { unet } from '../network/unet';
import { initialWeights } from '../network/weights';
import { Random } from '../training/random';
import { TileBlend } from './blend';
import { dihedrals, turned, turnedBack } from './dihedral';
import { normaliseSlice } from './normalise';
import { SlicePredictor } from './predictor';
import { mirrored, readTile, tilingOf } from './tiling';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

async function engineOrReason(): Promise<Engine | string> {
  try {
    return await selectEngine({ engine: 'tensorflow', device: 'auto', threads: 2 });
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

const noise = (width: number, height: number, seed: number): Float32Array<ArrayBuffer> => {
  const random = new Random(seed);
  return Float32Array.from({ length: width * height }, () => random.normal());
};

describe('tiles', () => {
  it('cover every pixel of a slice of any size, and give it back when blended', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 8 }),
        (width, height, border) => {
          const overlap = 8;
          const tiling = tilingOf(width, height, { tile: 32, overlap, border, alignment: 16 });
          expect(tiling.tileWidth % 16).toBe(0);
          const image = noise(width, height, 1);
          const blend = new TileBlend(width, height, 1);
          for (const y of tiling.rows) {
            for (const x of tiling.columns) {
              const place = { x, y, width: tiling.tileWidth, height: tiling.tileHeight };
              blend.add(readTile(image, width, height, place), place, overlap);
            }
          }
          const error = blend
            .result()
            .map((value, i) => Math.abs(value - (image[i] ?? Number.NaN)));
          expect(error.every((value) => value < 1e-4)).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('mirror without repeating the border pixel', () => {
    expect([-2, -1, 0, 1, 2, 3, 4, 5].map((i) => mirrored(i, 3))).toEqual([2, 1, 0, 1, 2, 1, 0, 1]);
    expect([-5, 0, 7].map((i) => mirrored(i, 1))).toEqual([0, 0, 0]);
  });
});

describe('turning a picture', () => {
  it('and turning it back gives the picture', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(...dihedrals),
        (width, height, turn) => {
          const picture = { values: noise(width, height, 2), width, height };
          expect(turnedBack(turned(picture, turn), turn)).toEqual(picture);
        },
      ),
    );
  });

  it('gives eight different pictures', () => {
    const picture = { values: noise(5, 5, 3), width: 5, height: 5 };
    expect(new Set(dihedrals.map((turn) => turned(picture, turn).values.join())).size).toBe(8);
  });
});

describe('normalising a slice', () => {
  it('gives mean 0 and deviation 1, whatever the contrast', () => {
    const values = Uint16Array.from({ length: 5000 }, (_, i) => 30_000 + ((i * 7919) % 977));
    const normal = normaliseSlice(values);
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    expect(mean).toBeCloseTo(0, 4);
    expect(normal.reduce((sum, value) => sum + value * value, 0) / normal.length).toBeCloseTo(1, 3);
  });

  it('makes zeros of an empty slice and of values that are not finite', () => {
    expect(normaliseSlice(new Uint8Array(9).fill(77))).toEqual(new Float32Array(9));
    expect(normaliseSlice(Float32Array.of(1, Number.NaN, 3, Infinity))).toEqual(
      Float32Array.of(-1, 0, 1, 0),
    );
  });
});

const engine = await engineOrReason();

describe.skipIf(typeof engine === 'string')(
  `predicting a slice${typeof engine === 'string' ? ` (skipped: ${engine})` : ''}`,
  () => {
    const network = unet({
      baseFilters: 4,
      levels: 2,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const weights = initialWeights(network, 1).map((value, i) => value + 0.1 * Math.sin(i));
    const predictor = (): SlicePredictor => {
      if (typeof engine === 'string') throw new Error(engine);
      return new SlicePredictor(engine, network, weights);
    };

    it('works for every size from one pixel up', async () => {
      const one = predictor();
      for (const [width, height] of [
        [1, 1],
        [2, 1],
        [1, 17],
        [16, 16],
        [33, 65],
      ] as const) {
        const map = await one.predict({ image: noise(width, height, 4), width, height });
        expect(map).toHaveLength(width * height);
        expect(map.every((p) => p >= 0 && p <= 1)).toBe(true);
      }
      one.dispose();
    });

    it('shows no seams: tiles give what the whole slice gives at once', async () => {
      const slice = { image: noise(200, 170, 5), width: 200, height: 170 };
      const one = predictor();
      const whole = await one.predict(slice, { tile: 512 });
      const tiles = await one.predict(slice, { tile: 96, overlap: 96 });
      one.dispose();
      expect(Math.max(...whole) - Math.min(...whole)).toBeGreaterThan(0.1);
      const difference = whole.map((value, i) => Math.abs(value - (tiles[i] ?? Number.NaN)));
      expect(Math.max(...difference)).toBeLessThan(2e-3);
    });

    it('stops between two tiles when cancelled', async () => {
      const one = predictor();
      const stop = new AbortController();
      const seen: number[] = [];
      const slice = { image: noise(300, 300, 6), width: 300, height: 300 };
      const running = one.predict(slice, {
        tile: 64,
        signal: stop.signal,
        onProgress: (done) => {
          seen.push(done);
          if (seen.length === 3) stop.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ name: 'AbortError' });
      expect(seen).toHaveLength(3);
      one.dispose();
    });

    it('averages the eight turned slices and reports rising progress', async () => {
      const one = predictor();
      const slice = { image: noise(40, 24, 7), width: 40, height: 24 };
      const seen: number[] = [];
      const map = await one.predict(slice, {
        augmented: true,
        onProgress: (done) => seen.push(done),
      });
      const flipped = turned({ values: slice.image, width: 40, height: 24 }, 5);
      const other = await one.predict(
        { image: flipped.values, width: flipped.width, height: flipped.height },
        { augmented: true },
      );
      const back = turnedBack(
        { values: other, width: flipped.width, height: flipped.height },
        5,
      ).values;
      one.dispose();
      expect(map.every((value, i) => Math.abs(value - (back[i] ?? Number.NaN)) < 1e-4)).toBe(true);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.at(-1)).toBe(1);
    });
  },
);
