import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { MicroBatch, TrainingOptions } from '#model/engines/engine';
import { onnxEngine } from '#model/engines/onnx/onnx-engine';
import { unet } from '#model/network/unet';
import { initialWeights } from '#model/network/weights';
import { Random } from '#model/training/random';
import { bundleEntry } from '../testing/bundle';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const network = unet({
  baseFilters: 8,
  levels: 2,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
});
const options: TrainingOptions = {
  width: 32,
  height: 32,
  diceWeight: 0.5,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-4,
  gradientClip: 1,
};

function crops(count: number, random: Random): MicroBatch {
  const pixels = count * 32 * 32;
  return {
    count,
    image: Float32Array.from({ length: pixels }, () => random.normal()),
    target: Float32Array.from({ length: pixels }, () => (random.uniform() < 0.3 ? 1 : 0)),
    weight: new Float32Array(pixels).fill(1),
  };
}

describe('micro-batches side by side on threads of their own', () => {
  let worker: URL;
  beforeAll(async () => {
    worker = pathToFileURL(await bundleEntry('model/engines/onnx/gradient-worker.ts'));
  });

  it.each([
    [2, [2, 2]],
    [2, [2, 1, 2]],
    [3, [1, 1]],
  ])(
    'give with %i threads and micro-batches of %j the very weights of one after the other',
    async (threads, counts) => {
      const batches = [0, 1, 2].map((step) => {
        const random = new Random(step);
        return counts.map((count) => crops(count, random));
      });
      const weights = initialWeights(network, 1);
      const trained = async (side: { threads: number; worker?: URL }): Promise<Float32Array> => {
        const engine = await onnxEngine({ provider: 'cpu', ...side });
        const session = await engine.compileTraining(network, weights, options);
        for (const batch of batches) await session.step(batch, 1e-3);
        const result = session.weights();
        session.dispose();
        expect(engine.memory().graphs).toBe(0);
        return result;
      };
      const alone = await trained({ threads: 1 });
      const together = await trained({ threads, worker });
      expect(Buffer.from(together.buffer).equals(Buffer.from(alone.buffer))).toBe(true);
      expect(together).not.toEqual(weights);
    },
  );

  it('are cut into single crops where there are threads for them', async () => {
    const batch = [crops(2, new Random(1)), crops(2, new Random(2))];
    const gradientOf = async (threads: number): Promise<Float32Array> => {
      const engine = await onnxEngine({ provider: 'cpu', threads, worker });
      const session = await engine.compileTraining(network, initialWeights(network, 1), options);
      const { gradient } = await session.gradient(batch);
      expect(engine.memory().graphs).toBe(threads);
      session.dispose();
      return gradient;
    };
    const [two, four] = [await gradientOf(2), await gradientOf(4)];
    const scale = Math.max(...two.map(Math.abs));
    two.forEach((value, i) => {
      expect(Math.abs(value - (four[i] ?? Number.NaN)) / scale).toBeLessThan(1e-5);
    });
  });

  it('say what went wrong, and go on with the next batch', async () => {
    const engine = await onnxEngine({ provider: 'cpu', threads: 2, worker });
    const session = await engine.compileTraining(network, initialWeights(network, 1), options);
    const good = [crops(1, new Random(1)), crops(1, new Random(2))];
    const short = good.map((each) => ({ ...each, image: each.image.slice(5) }));
    await expect(session.step(short, 1e-3)).rejects.toThrow(
      expect.objectContaining({ code: 'engine.failed' }),
    );
    expect((await session.step(good, 1e-3)).loss).toBeGreaterThan(0);
    session.dispose();
  });

  it('are gone when the session is disposed of in the middle', async () => {
    const engine = await onnxEngine({ provider: 'cpu', threads: 2, worker });
    const session = await engine.compileTraining(network, initialWeights(network, 1), options);
    const step = session.step([crops(2, new Random(1)), crops(2, new Random(2))], 1e-3);
    session.dispose();
    await expect(step).rejects.toThrow(expect.objectContaining({ code: 'engine.failed' }));
    expect(engine.memory().graphs).toBe(0);
  });
});
