import { beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { parameterCount, parametersOf } from '../network/parameters';
import { growHead } from '../network/grow-head';
import { plainUnet } from '../network/plain-unet';
import { unet, type Normalisation, type UNetOptions } from '../network/unet';
import type { Network } from '../network/network';
import { initialWeights } from '../network/weights';
import { Random } from '../training/random';
import { ModelError } from '../errors';
import { AdamW } from './adamw';
import type { Engine, EngineName, MicroBatch } from './engine';
import { probeEngine } from './probe';
import { referenceGradient, referenceLogits } from './reference';
import { probabilities } from './reference/loss';
import { selectEngine } from './select';
import {
  busyWeights,
  layerNetworks,
  randomBatch,
  trainingOptions as options,
} from './testing/layer-networks';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

/** Every engine has to pass all of this; one that can't start here is skipped with its reason. */
const engines: readonly { readonly name: EngineName; readonly title: string }[] = [
  { name: 'onnx', title: 'ONNX Runtime' },
  { name: 'tensorflow', title: 'TensorFlow' },
];

const small: UNetOptions = {
  baseFilters: 4,
  levels: 2,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
};

/** Output 3 classes that exclude one another. */
const exclusive = { classes: 3, output: 'softmax' } as const;

const nets = [...layerNetworks('sigmoid'), ...layerNetworks('softmax')];

const trained: readonly { readonly name: string; readonly network: Network }[] = [
  { name: 'the residual U-Net', network: unet(small) },
  {
    name: 'the residual U-Net with group normalisation',
    network: unet({ ...small, normalisation: 'group' }),
  },
  {
    name: 'the residual U-Net with channel RMS',
    network: unet({ ...small, normalisation: 'channel-rms' }),
  },
  { name: 'the plain U-Net with three classes', network: plainUnet({ ...small, ...exclusive }) },
];

const lengthOf = (values: Float64Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

describe.each(engines)('the $title engine', ({ name: engineName }) => {
  let engine: Engine | undefined;
  let missing = '';

  beforeAll(async () => {
    try {
      engine = await selectEngine({ engine: engineName, device: 'auto', threads: 2 });
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      missing = error.message;
    }
  });

  function need(context: TestContext): Engine {
    if (engine === undefined) return context.skip(`no engine here: ${missing}`);
    return engine;
  }

  it.for(nets.flatMap((net) => [1, 2].map((count) => ({ ...net, count }))))(
    'has the gradient of the reference: $name, batch $count',
    async ({ network, count }, context) => {
      const batch = randomBatch(network, count, new Random(5));
      const weights = busyWeights(network, 2);
      const session = await need(context).compileTraining(network, weights, options);
      const { loss, gradient } = await session.gradient([batch]);
      session.dispose();
      const exact = referenceGradient(network, Float64Array.from(weights), [batch], options);
      expect(loss).toBeCloseTo(exact.loss, 5);
      const scale = Math.max(...exact.gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(1e-2);
      expect(gradient).toHaveLength(exact.gradient.length);
      gradient.forEach((found, i) => {
        expect(Math.abs(found - (exact.gradient[i] ?? Number.NaN)) / scale).toBeLessThan(1e-3);
      });
    },
  );

  it.for(trained)(
    'has the weights of the reference after 20 updates of $name',
    async ({ network }, context) => {
      const size = 16;
      const shape = { ...options, width: size, height: size };
      const start = initialWeights(network, 6);
      const random = new Random(12);
      const session = await need(context).compileTraining(network, start, shape);
      const optimiser = new AdamW(network, start, shape);
      for (let step = 0; step < 20; step++) {
        const batches = [
          randomBatch(network, 2, random, size),
          randomBatch(network, 1, random, size),
        ];
        await session.step(batches, 3e-3);
        const now = Float64Array.from(optimiser.weights);
        const { loss, gradient } = referenceGradient(network, now, batches, shape);
        optimiser.update(loss, Float32Array.from(gradient), 3e-3);
      }
      const found = session.weights();
      session.dispose();
      const expected = Float64Array.from(optimiser.weights);
      const moved = expected.map((value, i) => value - (start[i] ?? 0));
      expect(lengthOf(moved) / lengthOf(expected)).toBeGreaterThan(0.01);
      const apart = expected.map((value, i) => value - (found[i] ?? Number.NaN));
      expect(lengthOf(apart) / lengthOf(expected)).toBeLessThanOrEqual(1e-4);
    },
  );

  it.for<{ readonly normalisation: Normalisation } & Partial<UNetOptions>>([
    { normalisation: 'none' },
    { normalisation: 'group' },
    { normalisation: 'channel-rms' },
    { normalisation: 'none', ...exclusive },
  ])('predicts what the reference U-Net with %o does', async (given, context) => {
    const network = unet({ ...small, ...given });
    const { classes } = network;
    const weights = busyWeights(network, 3);
    const { image } = randomBatch(network, 2, new Random(1), 16);
    const session = await need(context).compileInference(network, weights, {
      width: 16,
      height: 16,
      batch: 2,
    });
    const found = await session.run(image);
    session.dispose();
    expect(found).toHaveLength(2 * 256 * classes);
    for (const sample of [0, 1]) {
      const own = image.subarray(sample * 256, (sample + 1) * 256);
      const data = referenceLogits(network, Float64Array.from(weights), own, 16, 16);
      const expected = probabilities(
        { channels: classes, height: 16, width: 16, data },
        network.output,
      );
      expected.data.forEach((probability, i) => {
        const place = (sample * 256 + (i % 256)) * classes + Math.floor(i / 256);
        expect(found[place]).toBeCloseTo(probability, 4);
      });
    }
  });

  it('has the gradient of the reference where further classes count less', async (context) => {
    const network = unet({ ...small, levels: 1, classes: 2 });
    const own = { ...options, otherClassWeight: 0.1 };
    const batch = randomBatch(network, 2, new Random(5));
    const weights = busyWeights(network, 2);
    const session = await need(context).compileTraining(network, weights, own);
    const { loss, gradient } = await session.gradient([batch]);
    session.dispose();
    const exact = referenceGradient(network, Float64Array.from(weights), [batch], own);
    const both = referenceGradient(network, Float64Array.from(weights), [batch], options);
    expect(both.loss - exact.loss).toBeGreaterThan(0.1);
    expect(loss).toBeCloseTo(exact.loss, 5);
    const scale = Math.max(...exact.gradient.map(Math.abs));
    gradient.forEach((found, i) => {
      expect(Math.abs(found - (exact.gradient[i] ?? Number.NaN)) / scale).toBeLessThan(1e-3);
    });
  });

  it('adds micro-batches up to the gradient of the whole batch', async (context) => {
    const network = unet({ ...small, normalisation: 'group' });
    const random = new Random(9);
    const [a, b] = [randomBatch(network, 1, random), randomBatch(network, 1, random)];
    const join = (x: Float32Array, y: Float32Array): Float32Array<ArrayBuffer> =>
      Float32Array.from([...x, ...y]);
    const both: MicroBatch = {
      count: 2,
      image: join(a.image, b.image),
      target: join(a.target, b.target),
      weight: join(a.weight, b.weight),
    };
    const session = await need(context).compileTraining(network, busyWeights(network, 4), options);
    const whole = await session.gradient([both]);
    const parts = await session.gradient([a, b]);
    session.dispose();
    expect(parts.loss).toBeCloseTo(whole.loss, 5);
    const scale = Math.max(...whole.gradient.map(Math.abs));
    whole.gradient.forEach((value, i) => {
      expect(Math.abs(value - (parts.gradient[i] ?? Number.NaN)) / scale).toBeLessThan(1e-4);
    });
  });

  it('gives pixels of weight 0 no say', async (context) => {
    const network = unet({ ...small, levels: 1 });
    const batch = randomBatch(network, 1, new Random(11));
    const other = {
      ...batch,
      target: batch.target.map((value, i) => (batch.weight[i] === 0 ? 1 - value : value)),
    };
    const session = await need(context).compileTraining(network, busyWeights(network, 4), options);
    const first = await session.gradient([batch]);
    const second = await session.gradient([other]);
    session.dispose();
    expect(other.target).not.toEqual(batch.target);
    expect(second).toEqual(first);
  });

  it.for([unet(small), unet({ ...small, normalisation: 'group' }), plainUnet(small)])(
    'answers as before where the head of $name has grown',
    async (network, context) => {
      const found = need(context);
      const weights = busyWeights(network, 7);
      const { image } = randomBatch(network, 1, new Random(2), 16);
      const shape = { width: 16, height: 16, batch: 1 };
      const predict = async (
        net: Network,
        own: Float32Array<ArrayBuffer>,
      ): Promise<Float32Array<ArrayBuffer>> => {
        const session = await found.compileInference(net, own, shape);
        const map = await session.run(image);
        session.dispose();
        return map;
      };
      const before = await predict(network, weights);
      for (const extra of [1, 2, 4]) {
        const grown = growHead(network, weights, extra, 3);
        const now = await predict(grown.network, grown.weights);
        // Some processors add up a wider convolution in another order.
        before.forEach((value, i) => {
          expect(Math.abs((now[i * (1 + extra)] ?? Number.NaN) - value)).toBeLessThan(1e-6);
        });
      }
    },
  );

  it('trains what was there as before where nothing is said about a grown class', async (context) => {
    const network = unet({ ...small, levels: 1 });
    const weights = busyWeights(network, 4);
    const batch = randomBatch(network, 2, new Random(11));
    const session = await need(context).compileTraining(network, weights, options);
    const alone = await session.gradient([batch]);
    session.dispose();
    const grown = growHead(network, weights, 1, 3);
    const paired = (values: Float32Array): Float32Array<ArrayBuffer> =>
      Float32Array.from({ length: 2 * values.length }, (_, i) =>
        i % 2 === 0 ? (values[i / 2] ?? 0) : 0,
      );
    const both = { ...batch, target: paired(batch.target), weight: paired(batch.weight) };
    const wider = await need(context).compileTraining(grown.network, grown.weights, options);
    const { loss, gradient } = await wider.gradient([both]);
    wider.dispose();
    expect(loss).toBeCloseTo(alone.loss, 6);
    const scale = Math.max(...alone.gradient.map(Math.abs));
    const body = parametersOf(network).filter(({ layer }) => layer !== 'head');
    for (const { offset, length } of body)
      for (let i = offset; i < offset + length; i++)
        expect(Math.abs((gradient[i] ?? NaN) - (alone.gradient[i] ?? NaN)) / scale).toBeLessThan(
          1e-5,
        );
  });

  it('holds the same number of tensors and graphs after 50 steps as after one', async (context) => {
    const found = need(context);
    const before = found.memory();
    const network = unet(small);
    const session = await found.compileTraining(network, initialWeights(network, 0), options);
    const batch = randomBatch(network, 2, new Random(1));
    await session.step([batch], 1e-3);
    const afterOne = found.memory();
    for (let i = 0; i < 49; i++) await session.step([batch], 1e-3);
    expect(found.memory()).toEqual(afterOne);
    session.dispose();
    expect(found.memory()).toEqual(before);
  });

  it('learns, clips long gradients and leaves the weights alone when the loss is not a number', async (context) => {
    const network = unet(small);
    const session = await need(context).compileTraining(
      network,
      initialWeights(network, 0),
      options,
    );
    const batch = randomBatch(network, 2, new Random(1));
    const first = (await session.step([batch], 1e-2)).loss;
    let last = first;
    for (let i = 0; i < 60; i++) last = (await session.step([batch], 1e-2)).loss;
    expect(last).toBeLessThan(first * 0.7);
    const before = session.state();
    const broken = { ...batch, target: batch.target.map(() => Number.NaN) };
    expect((await session.step([broken], 1e-2)).loss).toBeNaN();
    expect(session.state()).toEqual(before);
    session.dispose();
  });

  it('passes its own probe', async (context) => {
    const result = await probeEngine(need(context));
    expect(result).toMatchObject({ ok: true });
    expect(result.maxError).toBeGreaterThan(0);
  });

  it('refuses weights of another network', async (context) => {
    const found = need(context);
    const network = unet({ ...small, levels: 1 });
    const wrong = new Float32Array(parameterCount(network) - 1);
    await expect(
      found.compileInference(network, wrong, { width: 16, height: 16, batch: 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'model.shape-mismatch' }));
  });
});
