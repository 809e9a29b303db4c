import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Engine, InferenceSession } from '../engines/engine';
import { selectEngine } from '../engines/select';
import { ModelError } from '../errors';
import { haloOf } from '../network/geometry';
import { growHead } from '../network/grow-head';
import { unet } from '../network/unet';
import { initialWeights } from '../network/weights';
import { Random } from '../training/random';
import { dihedrals, turned, turnedBack } from './dihedral';
import { SlicePredictor, type NormalisedSlice } from './predictor';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 240_000 });

const engineNames = ['onnx', 'tensorflow'] as const;

/** Looks 23 pixels far, and has something to say everywhere. */
const network = unet({
  baseFilters: 4,
  levels: 2,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
});
const weights = initialWeights(network, 1).map((value, i) => value + 0.1 * Math.sin(i));

function noise(width: number, height: number, seed: number): NormalisedSlice {
  const random = new Random(seed);
  const image = Float32Array.from({ length: width * height }, () => random.normal());
  return { image, width, height };
}

const farthest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

/** Counts what an engine computes and what it keeps compiled. */
function counted(engine: Engine): { engine: Engine; runs: () => number; open: () => number } {
  let runs = 0;
  let open = 0;
  return {
    runs: () => runs,
    open: () => open,
    engine: {
      name: engine.name,
      device: engine.device,
      provider: engine.provider,
      description: engine.description,
      memory: () => engine.memory(),
      compileTraining: (...args) => engine.compileTraining(...args),
      async compileInference(...args): Promise<InferenceSession> {
        const session = await engine.compileInference(...args);
        open += 1;
        return {
          shape: session.shape,
          run(images) {
            runs += 1;
            return session.run(images);
          },
          dispose() {
            open -= 1;
            session.dispose();
          },
        };
      },
    },
  };
}

async function engineOrReason(name: (typeof engineNames)[number]): Promise<Engine | string> {
  try {
    return await selectEngine({ engine: name, device: 'auto', threads: 2 });
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

const engines = await Promise.all(
  engineNames.map(async (name) => ({ name, engine: await engineOrReason(name) })),
);

describe.each(engines)('predicting a slice on $name', ({ engine }) => {
  const missing = typeof engine === 'string';
  const predictor = (on = engine): SlicePredictor => {
    if (typeof on === 'string') throw new Error(on);
    return new SlicePredictor(on, network, weights);
  };

  it.skipIf(missing)('works for every size from one pixel up', async () => {
    const one = predictor();
    const check = async (width: number, height: number): Promise<void> => {
      const map = await one.predict(noise(width, height, 4));
      expect(map).toHaveLength(width * height);
      expect(map.every((p) => p >= 0 && p <= 1)).toBe(true);
    };
    await check(1, 1);
    const size = fc.integer({ min: 1, max: 70 });
    await fc.assert(fc.asyncProperty(size, size, check), { numRuns: 15, seed: 2026 });
    one.dispose();
  });

  it.skipIf(missing)('gives the same map whatever the size of the tiles', async () => {
    const one = predictor();
    const halo = haloOf(network);
    let tiled = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 210 }),
        fc.integer({ min: 1, max: 210 }),
        fc.integer({ min: 1, max: 160 }),
        async (width, height, tile) => {
          const slice = noise(width, height, 5);
          const whole = await one.predict(slice, { tile: 512 });
          expect(farthest(whole, await one.predict(slice, { tile }))).toBeLessThan(1e-5);
          if (Math.max(width, height) > Math.max(tile, 2 * halo + 4)) tiled += 1;
        },
      ),
      { numRuns: 15, seed: 2026 },
    );
    expect(tiled).toBeGreaterThan(3);
    const slice = noise(200, 170, 5);
    const whole = await one.predict(slice, { tile: 512 });
    expect(Math.max(...whole) - Math.min(...whole)).toBeGreaterThan(0.1);
    one.dispose();
  });

  it.skipIf(missing)('gives the same bits twice', async () => {
    const slice = noise(150, 90, 6);
    const maps: Float32Array[] = [];
    for (let round = 0; round < 2; round += 1) {
      const one = predictor();
      maps.push(await one.predict(slice, { tile: 64 }), await one.predict(slice, { tile: 64 }));
      one.dispose();
    }
    expect(maps).toHaveLength(4);
    for (const map of maps) expect(map).toEqual(maps[0]);
  });

  it.skipIf(missing)(
    'starts no further tile after an abort, in any of the eight turns',
    async () => {
      if (typeof engine === 'string') return;
      for (const augmented of [false, true]) {
        const { engine: watched, runs } = counted(engine);
        const one = predictor(watched);
        const stop = new AbortController();
        const last = augmented ? 11 : 3;
        const running = one.predict(noise(150, 150, 6), {
          tile: 64,
          augmented,
          signal: stop.signal,
          onProgress: () => {
            if (runs() === last) stop.abort();
          },
        });
        await expect(running).rejects.toMatchObject({ name: 'AbortError' });
        expect(runs()).toBe(last);
        one.dispose();
      }
    },
  );

  it.skipIf(missing)('turns with the slice when it averages eight turns', async () => {
    const one = predictor();
    for (const slice of [noise(40, 24, 7), noise(90, 61, 8)]) {
      const { image: values, width, height } = slice;
      const map = await one.predict(slice, { augmented: true, tile: 64 });
      for (const turn of dihedrals) {
        const other = turned({ values, width, height }, turn);
        const { width: w, height: h } = other;
        const result = await one.predict(
          { image: other.values, width: w, height: h },
          { augmented: true, tile: 64 },
        );
        const back = turnedBack({ values: result, width: w, height: h }, turn).values;
        expect(farthest(map, back), `turn ${turn}`).toBeLessThan(1e-5);
      }
      expect(farthest(map, await one.predict(slice)), 'not the plain map').toBeGreaterThan(1e-3);
    }
    one.dispose();
  });

  it.skipIf(missing)('answers for membrane as before where the head has grown', async () => {
    if (typeof engine === 'string') throw new Error(engine);
    const grown = growHead(network, weights, 2, 5);
    const [one, more] = [predictor(), new SlicePredictor(engine, grown.network, grown.weights)];
    for (const options of [{}, { tile: 64 }, { tile: 64, augmented: true }]) {
      const slice = noise(90, 61, 8);
      const area = slice.width * slice.height;
      const membrane = await one.predict(slice, options);
      const all = await more.predictAll(slice, options);
      expect(all).toHaveLength(3 * area);
      expect(all.slice(0, area)).toEqual(membrane);
      expect(await more.predict(slice, options)).toEqual(membrane);
      const others = [all.slice(area, 2 * area), all.slice(2 * area)] as const;
      expect(farthest(...others)).toBeGreaterThan(1e-3);
    }
    one.dispose();
    more.dispose();
  });

  it.skipIf(missing)('reports progress that rises to one', async () => {
    const one = predictor();
    const seen: number[] = [];
    const onProgress = (done: number): number => seen.push(done);
    await one.predict(noise(90, 61, 8), { augmented: true, tile: 64, onProgress });
    one.dispose();
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it.skipIf(missing)('keeps few sizes compiled, and none when it is disposed', async () => {
    if (typeof engine === 'string') return;
    const { engine: watched, open } = counted(engine);
    const one = predictor(watched);
    const before = engine.memory();
    for (let side = 16; side <= 16 + 4 * 9; side += 4) await one.predict(noise(side, side, 9));
    expect(open()).toBe(4);
    one.dispose();
    expect(open()).toBe(0);
    expect(engine.memory()).toEqual(before);
  });
});
