import { beforeAll, describe, expect, it, type TestContext, vi } from 'vitest';
import { imageInput, type Layer, type Network } from '../network/network';
import { parameterCount } from '../network/parameters';
import { unet, type Normalisation } from '../network/unet';
import { initialWeights } from '../network/weights';
import { Random } from '../training/random';
import { ModelError } from '../errors';
import type { Engine, MicroBatch, TrainingOptions } from './engine';
import { probeEngine } from './probe';
import { referenceLogits, referenceLoss } from './reference';
import { selectEngine } from './select';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

let engine: Engine | undefined;
let missing = '';

beforeAll(async () => {
  try {
    engine = await selectEngine({ engine: 'tensorflow', device: 'auto', threads: 2 });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    missing = error.message;
  }
});

function need(context: TestContext): Engine {
  if (engine === undefined) return context.skip(`no engine here: ${missing}`);
  return engine;
}

const side = 8;
const options: TrainingOptions = {
  width: side,
  height: side,
  diceWeight: 0.7,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 1e-4,
  gradientClip: 1,
};

function batchOf(count: number, random: Random, classes = 1, size = side): MicroBatch {
  const area = size * size * count;
  return {
    count,
    image: Float32Array.from({ length: area }, () => random.normal()),
    target: Float32Array.from({ length: area * classes }, () => (random.uniform() < 0.3 ? 1 : 0)),
    weight: Float32Array.from({ length: area }, () =>
      random.uniform() < 0.4 ? 0 : random.between(0.1, 1),
    ),
  };
}

/** A net around one kind of layer, small enough for a difference quotient of every weight. */
function netAround(layers: readonly Layer[], last: string, channels: number, classes = 1): Network {
  return {
    format: 'membrana-network',
    version: 1,
    name: 'test',
    inputChannels: 1,
    classes,
    layers: [
      {
        kind: 'convolution',
        name: 'stem',
        input: imageInput,
        kernel: 3,
        inputChannels: 1,
        outputChannels: 4,
        start: 'he',
      },
      ...layers,
      {
        kind: 'convolution',
        name: 'head',
        input: last,
        kernel: 1,
        inputChannels: channels,
        outputChannels: classes,
        start: 'head',
      },
    ],
  };
}

const nets: readonly { readonly name: string; readonly network: Network }[] = [
  {
    name: 'convolution',
    network: netAround(
      [
        {
          kind: 'convolution',
          name: 'x',
          input: 'stem',
          kernel: 3,
          inputChannels: 4,
          outputChannels: 3,
          start: 'he',
        },
      ],
      'x',
      3,
    ),
  },
  { name: 'two classes', network: netAround([], 'stem', 4, 2) },
  { name: 'relu', network: netAround([{ kind: 'relu', name: 'x', input: 'stem' }], 'x', 4) },
  {
    name: 'add',
    network: netAround(
      [
        { kind: 'relu', name: 'r', input: 'stem' },
        { kind: 'add', name: 'x', inputs: ['r', 'stem'] },
      ],
      'x',
      4,
    ),
  },
  {
    name: 'group-norm',
    network: netAround(
      [
        { kind: 'group-norm', name: 'x', input: 'stem', channels: 4, groups: 2 },
        { kind: 'relu', name: 'r', input: 'x' },
      ],
      'r',
      4,
    ),
  },
  {
    name: 'channel-rms',
    network: netAround(
      [
        { kind: 'channel-rms', name: 'x', input: 'stem', channels: 4 },
        { kind: 'relu', name: 'r', input: 'x' },
      ],
      'r',
      4,
    ),
  },
  {
    name: 'max-pool and upsample',
    network: netAround(
      [
        { kind: 'max-pool', name: 'p', input: 'stem' },
        { kind: 'upsample', name: 'x', input: 'p' },
      ],
      'x',
      4,
    ),
  },
  {
    name: 'concatenate',
    network: netAround(
      [
        { kind: 'relu', name: 'r', input: 'stem' },
        { kind: 'concatenate', name: 'x', inputs: ['stem', 'r'] },
      ],
      'x',
      8,
    ),
  },
];

const busy = (network: Network, seed: number): Float32Array<ArrayBuffer> => {
  const random = new Random(seed);
  return initialWeights(network, seed).map((value) => value + 0.2 * random.normal());
};

describe('the TensorFlow engine', () => {
  it.for(nets.flatMap((net) => [1, 2].map((count) => ({ ...net, count }))))(
    'has the gradient of $name and of the loss at batch $count',
    async ({ network, count }, context) => {
      const batch = batchOf(count, new Random(5), network.classes);
      const weights = busy(network, 2);
      const session = await need(context).compileTraining(network, weights, options);
      const { loss, gradient } = await session.gradient([batch]);
      session.dispose();
      const exact = Float64Array.from(weights);
      expect(loss).toBeCloseTo(referenceLoss(network, exact, [batch], options), 5);
      const scale = Math.max(...gradient.map(Math.abs));
      expect(scale).toBeGreaterThan(1e-3);
      const distance = 1e-6;
      gradient.forEach((found, i) => {
        const moved = exact.slice();
        moved[i] = (exact[i] ?? 0) + distance;
        const above = referenceLoss(network, moved, [batch], options);
        moved[i] = (exact[i] ?? 0) - distance;
        const below = referenceLoss(network, moved, [batch], options);
        expect(Math.abs(found - (above - below) / (2 * distance)) / scale).toBeLessThan(1e-3);
      });
    },
  );

  it.for<Normalisation>(['none', 'group', 'channel-rms'])(
    'predicts what the reference U-Net with normalisation %s does',
    async (normalisation, context) => {
      const network = unet({
        baseFilters: 4,
        levels: 2,
        inputChannels: 1,
        classes: 1,
        normalisation,
      });
      const weights = busy(network, 3);
      const { image } = batchOf(2, new Random(1), 1, 16);
      const session = await need(context).compileInference(network, weights, {
        width: 16,
        height: 16,
        batch: 2,
      });
      const found = await session.run(image);
      session.dispose();
      for (const sample of [0, 1]) {
        const logits = referenceLogits(
          network,
          Float64Array.from(weights),
          image.subarray(sample * 256, (sample + 1) * 256),
          16,
          16,
        );
        logits.forEach((logit, i) => {
          expect(found[sample * 256 + i]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 4);
        });
      }
    },
  );

  it('adds micro-batches up to the gradient of the whole batch', async (context) => {
    const network = unet({
      baseFilters: 4,
      levels: 2,
      inputChannels: 1,
      classes: 1,
      normalisation: 'group',
    });
    const random = new Random(9);
    const [a, b] = [batchOf(1, random), batchOf(1, random)];
    const join = (x: Float32Array, y: Float32Array): Float32Array<ArrayBuffer> =>
      Float32Array.from([...x, ...y]);
    const both: MicroBatch = {
      count: 2,
      image: join(a.image, b.image),
      target: join(a.target, b.target),
      weight: join(a.weight, b.weight),
    };
    const session = await need(context).compileTraining(network, busy(network, 4), options);
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
    const network = unet({
      baseFilters: 4,
      levels: 1,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const batch = batchOf(1, new Random(11));
    const other = {
      ...batch,
      target: batch.target.map((value, i) => (batch.weight[i] === 0 ? 1 - value : value)),
    };
    const session = await need(context).compileTraining(network, busy(network, 4), options);
    const first = await session.gradient([batch]);
    const second = await session.gradient([other]);
    session.dispose();
    expect(other.target).not.toEqual(batch.target);
    expect(second).toEqual(first);
  });

  it('holds the same number of tensors and graphs after 50 steps as after one', async (context) => {
    const found = need(context);
    const before = found.memory();
    const network = unet({
      baseFilters: 4,
      levels: 2,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const session = await found.compileTraining(network, initialWeights(network, 0), options);
    const batch = batchOf(2, new Random(1));
    await session.step([batch], 1e-3);
    const afterOne = found.memory();
    for (let i = 0; i < 49; i++) await session.step([batch], 1e-3);
    expect(found.memory()).toEqual(afterOne);
    session.dispose();
    expect(found.memory()).toEqual(before);
  });

  it('learns, clips long gradients and leaves the weights alone when the loss is not a number', async (context) => {
    const network = unet({
      baseFilters: 4,
      levels: 2,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const session = await need(context).compileTraining(
      network,
      initialWeights(network, 0),
      options,
    );
    const batch = batchOf(2, new Random(1));
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
    const network = unet({
      baseFilters: 4,
      levels: 1,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const wrong = new Float32Array(parameterCount(network) - 1);
    await expect(
      found.compileInference(network, wrong, { width: 16, height: 16, batch: 1 }),
    ).rejects.toThrow(expect.objectContaining({ code: 'model.shape-mismatch' }));
  });
});
