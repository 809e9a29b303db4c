import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ModelError } from '../../../errors';
import { imageInput, type Layer, type Network } from '../../../network/network';
import { plainUnet } from '../../../network/plain-unet';
import { unet, type UNetOptions } from '../../../network/unet';
import { initialWeights } from '../../../network/weights';
import { Random } from '../../../training/random';
import type { ActivationRanges, Engine } from '../../engine';
import { int8Of } from '../../int8';
import { probeInt8 } from '../../probe-int8';
import { layerNetworks } from '../../testing/layer-networks';
import { onnxEngine } from '../onnx-engine';
import { stepsOf } from '../steps';
import { encodingsOf } from './encoding';
import { quantisedFilter, withIdentity, widened } from './quantised-filter';
import { weightLevels } from './weight-levels';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

const engine = await onnxEngine({ provider: 'cpu', threads: 1 });
const int8 = int8Of(engine);
const side = 32;
const shape = { width: side, height: side, batch: 2 };

const small: UNetOptions = {
  baseFilters: 8,
  levels: 2,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
};

/** A residual convolution that adds another map than the one it reads. */
const foreignAddend: Network = {
  ...unet({ ...small, levels: 0 }),
  layers: unet({ ...small, levels: 0 }).layers.map((layer): Layer =>
    layer.kind === 'add' ? { ...layer, inputs: [layer.inputs[0], 'bottom.conv1'] } : layer,
  ),
};

const networks = [
  ...layerNetworks('sigmoid'),
  ...layerNetworks('softmax'),
  { name: 'residual U-Net of whole blocks', network: unet({ ...small, baseFilters: 16 }) },
  { name: 'residual U-Net of half blocks', network: unet(small) },
  { name: 'residual U-Net with two input channels', network: unet({ ...small, inputChannels: 2 }) },
  { name: 'plain U-Net', network: plainUnet(small) },
  { name: 'another addend', network: foreignAddend },
];

/** Fresh weights whose residual branches say something, and whose probabilities are not all 0 or 1. */
function liveWeights(network: Network, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return initialWeights(network, seed).map((value) => value + 0.04 * random.normal());
}

function noise(network: Network, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  const length = shape.batch * side * side * network.inputChannels;
  return Float32Array.from({ length }, () => random.normal());
}

async function inBytes(
  network: Network,
  weights: Float32Array<ArrayBuffer>,
  image: Float32Array<ArrayBuffer>,
  by: Engine = engine,
): Promise<Float32Array> {
  const own = int8Of(by);
  const ranges = await own.calibrate(network, weights, shape, [noise(network, 1)]);
  const session = await own.compile(network, weights, shape, ranges);
  const found = await session.run(image);
  session.dispose();
  return found;
}

describe('8-bit inference', () => {
  it.for(networks)('gives the probabilities of floats: $name', async ({ network }) => {
    const weights = liveWeights(network, 3);
    const image = noise(network, 1);
    const found = await inBytes(network, weights, image);
    const session = await engine.compileInference(network, weights, shape);
    const exact = await session.run(image);
    session.dispose();
    expect(found).toHaveLength(exact.length);
    const apart = exact.map((value, i) => Math.abs(value - (found[i] ?? Number.NaN)));
    const middle = exact.reduce((sum, value) => sum + value, 0) / exact.length;
    const spread = exact.reduce((sum, value) => sum + Math.abs(value - middle), 0) / exact.length;
    expect(spread).toBeGreaterThan(0.02);
    // A map read with a wrong scale or zero point is off by the spread itself.
    expect(apart.reduce((sum, value) => sum + value, 0) / exact.length).toBeLessThan(0.01);
    // Weights have half the steps on processors without an 8-bit dot product.
    expect(Math.max(...apart)).toBeLessThan((0.15 * 127) / (await weightLevels()));
  });

  it('gives the same bits twice, on one thread and on two', async () => {
    const network = unet(small);
    const weights = liveWeights(network, 3);
    const image = noise(network, 2);
    const first = await inBytes(network, weights, image);
    const two = await onnxEngine({ provider: 'cpu', threads: 2 });
    expect(await inBytes(network, weights, image)).toEqual(first);
    expect(await inBytes(network, weights, image, two)).toEqual(first);
    expect(await inBytes(network, weights, noise(network, 4))).not.toEqual(first);
  });

  it('takes ranges that cover every image it was shown, and no more', async () => {
    const network = unet(small);
    const weights = liveWeights(network, 3);
    const images = [noise(network, 1), noise(network, 2).map((value) => 3 * value)];
    const rangesOf = (shown: readonly Float32Array<ArrayBuffer>[]): Promise<ActivationRanges> =>
      int8.calibrate(network, weights, shape, shown);
    const both = await rangesOf(images);
    const each = await Promise.all(images.map((image) => rangesOf([image])));
    const pixels = images.flatMap((image) => [...image]);
    expect(both.get(imageInput)?.lowest[0]).toBe(Math.min(...pixels));
    expect(both.get(imageInput)?.highest[0]).toBe(Math.max(...pixels));
    for (const [name, { lowest, highest }] of both) {
      lowest.forEach((value, channel) => {
        expect(value).toBe(Math.min(...each.map((one) => one.get(name)?.lowest[channel] ?? NaN)));
      });
      highest.forEach((value, channel) => {
        expect(value).toBe(Math.max(...each.map((one) => one.get(name)?.highest[channel] ?? NaN)));
      });
    }
    expect([...both.keys()]).toEqual([imageInput, ...stepsOf(network).map(({ name }) => name)]);
  });

  it('has bytes for every value in a range, and one zero point for maps that are joined', async () => {
    for (const network of [plainUnet(small), unet(small)]) {
      const ranges = await int8.calibrate(network, liveWeights(network, 3), shape, [
        noise(network, 1),
      ]);
      const encodings = encodingsOf(stepsOf(network), ranges);
      for (const [name, { zeroPoint, scales }] of encodings) {
        const { lowest, highest } = ranges.get(name) ?? { lowest: [], highest: [] };
        expect(scales).toHaveLength(lowest.length);
        scales.forEach((scale, channel) => {
          expect((255.5 - zeroPoint) * scale).toBeGreaterThan(highest[channel] ?? Infinity);
          expect((-0.5 - zeroPoint) * scale).toBeLessThan(lowest[channel] ?? -Infinity);
        });
      }
      const zeroOf = (name: string): number => encodings.get(name)?.zeroPoint ?? NaN;
      // What is joined at the last level: the plain U-Net's half of it is negative in places.
      const plain = network.name.startsWith('plain');
      const [low, skip] = plain ? ['up0.conv0', 'down0.relu2'] : ['up1.relu2', 'down0.relu2'];
      expect(zeroOf(low)).toBe(zeroOf(skip));
      expect(zeroOf(skip) > 0).toBe(plain);
    }
  });

  it('has no 8-bit inference on other providers and other engines, and says so', () => {
    const { int8: _none, ...rest } = engine;
    expect(() => int8Of(rest)).toThrow(ModelError);
    expect(() => int8Of(rest)).toThrow(expect.objectContaining({ code: 'engine.unavailable' }));
  });

  it('is told by its probe to agree with floats here', async () => {
    const { speedUp, meanError } = await probeInt8(engine, 8);
    expect(speedUp).toBeGreaterThan(0);
    expect(meanError).toBeGreaterThan(0);
    expect(meanError).toBeLessThan(0.02);
  });
});

describe('weights in bytes', () => {
  const filters = fc
    .record({
      out: fc.integer({ min: 1, max: 4 }),
      inputChannels: fc.integer({ min: 1, max: 4 }),
      taps: fc.constantFrom(1, 9),
      seed: fc.integer(),
    })
    .map(({ out, inputChannels, taps, seed }) => {
      const random = new Random(seed);
      const normal = (length: number): Float32Array =>
        Float32Array.from({ length }, () => random.normal());
      const scales = normal(inputChannels).map((value) => Math.abs(value) + 0.01);
      const filter = { weight: normal(out * inputChannels * taps), bias: normal(out) };
      return { scales, filter: { ...filter, inputChannels, taps } };
    });

  it('are off by half a step over a window at most, with the scales of the map that is read', async () => {
    const levels = await weightLevels();
    fc.assert(
      fc.property(filters, ({ filter, scales }) => {
        const found = quantisedFilter(filter, scales, levels);
        const { taps, inputChannels } = filter;
        const each = taps * inputChannels;
        const errors = Array.from(filter.weight, (value, i) => {
          const whole = found.weight[i] ?? NaN;
          expect(Math.abs(whole)).toBeLessThanOrEqual(levels);
          const step = found.scales[Math.floor(i / each)] ?? NaN;
          return whole - (value * (scales[Math.floor(i / taps) % inputChannels] ?? NaN)) / step;
        });
        for (const error of errors) expect(Math.abs(error)).toBeLessThan(1.001);
        for (let i = 0; i < errors.length; i += taps) {
          const window = errors.slice(i, i + taps).reduce((sum, error) => sum + error, 0);
          expect(Math.abs(window)).toBeLessThan(0.501);
        }
        filter.bias.forEach((value, channel) => {
          const step = found.scales[channel] ?? NaN;
          expect(Math.abs((found.bias[channel] ?? NaN) - value / step)).toBeLessThan(0.51);
        });
      }),
      { seed: 2026 },
    );
  });

  it('read more channels than their own without noticing', () => {
    const filter = { weight: Float32Array.of(1, 2, 3, 4), bias: null, inputChannels: 2, taps: 1 };
    expect([...widened(filter, 4).weight]).toEqual([1, 2, 0, 0, 3, 4, 0, 0]);
  });

  it('take in what is added to their own input', () => {
    const filter = { weight: Float32Array.of(1, 2, 3, 4), bias: null, inputChannels: 2, taps: 1 };
    expect([...withIdentity(filter).weight]).toEqual([2, 2, 3, 5]);
  });
});
