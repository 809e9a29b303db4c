import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { referenceLogits } from '../engines/reference';
import { alignmentOf, haloOf, multiplyAddsOf, receptiveFieldOf } from './geometry';
import type { Network } from './network';
import { parameterCount, parametersOf } from './parameters';
import { parseNetwork } from './parse-network';
import { plainUnet } from './plain-unet';
import { unet, type UNetOptions } from './unet';
import { initialWeights, weightsFromBytes, weightsToBytes } from './weights';

// The reference computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

const base8: UNetOptions = {
  baseFilters: 8,
  levels: 4,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
};

const kinds = { residual: unet, plain: plainUnet } as const;

const options: fc.Arbitrary<UNetOptions> = fc
  .record({
    baseFilters: fc.integer({ min: 1, max: 9 }),
    levels: fc.integer({ min: 0, max: 3 }),
    inputChannels: fc.integer({ min: 1, max: 3 }),
    classes: fc.integer({ min: 1, max: 3 }),
    normalisation: fc.constantFrom('none', 'group', 'channel-rms'),
    output: fc.constantFrom('sigmoid', 'softmax'),
  })
  .filter(({ classes, output }) => output === 'sigmoid' || classes > 1);

const networks: fc.Arbitrary<Network> = fc
  .tuple(fc.constantFrom(...Object.values(kinds)), options)
  .map(([build, given]) => build(given));

describe('the residual U-Net', () => {
  it('has the size and cost of the measured base-8 net', () => {
    const network = unet(base8);
    expect(parameterCount(network)).toBe(490_993);
    expect(multiplyAddsOf(network, 512, 512)).toBeCloseTo(3.494e9, -7);
    expect(alignmentOf(network)).toBe(16);
  });

  it('has the weights and multiplications counted by hand for one level of two channels', () => {
    const network = unet({ ...base8, baseFilters: 2, levels: 1 });
    // down 1→2, 2→2; bottom 2→4, 4→4; up (4 + 2)→2, 2→2; head 2→1: nine (one) weights a pair, a bias a map.
    expect(parameterCount(network)).toBe(20 + 38 + 76 + 148 + 110 + 38 + 3);
    expect(multiplyAddsOf(network, 4, 4)).toBe(
      16 * (9 * (2 + 4 + 12 + 4) + 2) + 4 * (9 * (8 + 16)),
    );
  });

  it('has no bias where group normalisation would take it away', () => {
    const counts = (normalisation: UNetOptions['normalisation']): number =>
      parameterCount(unet({ ...base8, baseFilters: 2, levels: 0, normalisation }));
    expect(counts('none')).toBe(20 + 38 + 3);
    expect(counts('group')).toBe(18 + 4 + 38 + 3);
    expect(counts('channel-rms')).toBe(20 + 2 + 38 + 3);
  });
});

describe('the plain U-Net', () => {
  it('has the weights and multiplications counted by hand for one level of two channels', () => {
    const network = plainUnet({ ...base8, baseFilters: 2, levels: 1 });
    // As above, but the up-convolution is 4→2 of one pixel and the level above reads 2 + 2.
    expect(parameterCount(network)).toBe(20 + 38 + 76 + 148 + 10 + 74 + 38 + 3);
    expect(multiplyAddsOf(network, 4, 4)).toBe(
      16 * (9 * (2 + 4 + 8 + 4) + 2) + 4 * (9 * (8 + 16) + 8),
    );
  });

  it("has the paper's size but for its up-convolutions, and sees as far", () => {
    const network = plainUnet({ ...base8, baseFilters: 64, classes: 2 });
    // The paper's net has 31,030,658 weights; its up-convolutions have 2 × 2 pixels, ours one.
    const upConvolutions = 1024 * 512 + 512 * 256 + 256 * 128 + 128 * 64;
    expect(parameterCount(network)).toBe(31_030_658 - 3 * upConvolutions);
    // Its valid convolutions lose (572 − 388) / 2 = 92 pixels a side; where a
    // pixel lies in the blocks of 2, 4, 8 and 16 adds up to 1 + 2 + 4 + 8.
    expect(haloOf(network)).toBe(92 + 15);
  });

  it('draws every convolution as He et al. say', () => {
    const network = plainUnet(base8);
    const weights = initialWeights(network, 0);
    for (const { name, shape, offset, length } of parametersOf(network)) {
      if (!name.endsWith('.weight') || name.startsWith('head')) continue;
      const values = weights.subarray(offset, offset + length);
      const variance = values.reduce((sum, value) => sum + value * value, 0) / length;
      const [, inputs = 1, rows = 1, columns = 1] = shape;
      const ratio = variance / (2 / (inputs * rows * columns));
      expect(Math.abs(ratio - 1)).toBeLessThan(5 * Math.sqrt(2 / length));
    }
    const bias = parametersOf(network).find(({ name }) => name === 'head.bias');
    expect(weights[bias?.offset ?? 0]).toBeCloseTo(Math.log(0.22 / 0.78), 5);
  });
});

describe('the receptive field', () => {
  /** Which output pixels a changed input pixel changes, relative to it; by where the output pixel lies in its block. */
  function measured(network: Network): { before: number; after: number; size: number } {
    const alignment = alignmentOf(network);
    const margin = Math.ceil((haloOf(network) + 2) / alignment) * alignment;
    const side = 2 * margin + alignment;
    // Positive weights let every change through every ReLU and every maximum.
    const weights = Float64Array.from(
      initialWeights(network, 1),
      (_, i) => 0.5 + ((i * 0.618) % 1) / 2,
    );
    const { classes, inputChannels } = network;
    const image = new Float32Array(side * side * inputChannels).fill(1);
    const before = referenceLogits(network, weights, image, side, side);
    const reach = Array.from({ length: alignment }, () => ({ first: 0, last: 0 }));
    for (let pixel = margin; pixel < margin + alignment; pixel++) {
      const changed = image.slice();
      changed[(pixel * side + pixel) * inputChannels] = 100;
      const after = referenceLogits(network, weights, changed, side, side);
      for (let i = 0; i < side * side * classes; i++) {
        if (after[i] === before[i]) continue;
        for (const place of [Math.floor((i % (side * side)) / side), i % side]) {
          const own = reach[place % alignment];
          if (own === undefined) continue;
          own.first = Math.min(own.first, pixel - place);
          own.last = Math.max(own.last, pixel - place);
        }
      }
    }
    return {
      before: Math.max(...reach.map(({ first }) => -first)),
      after: Math.max(...reach.map(({ last }) => last)),
      size: Math.max(...reach.map(({ first, last }) => last - first + 1)),
    };
  }

  it('of one level is what paper and pencil say', () => {
    // Up: two pixels a side; 2 × 2 blocks; bottom: two coarse pixels a side; blocks; down: two pixels.
    const expected = { before: 9, after: 9, size: 18 };
    for (const build of Object.values(kinds))
      expect(receptiveFieldOf(build({ ...base8, baseFilters: 2, levels: 1 }))).toEqual(expected);
    expect(receptiveFieldOf(unet({ ...base8, levels: 0 }))).toEqual({
      before: 2,
      after: 2,
      size: 5,
    });
  });

  it('is what a changed pixel reaches, whatever the options', () => {
    const pointwise = fc.record({
      build: fc.constantFrom(...Object.values(kinds)),
      baseFilters: fc.integer({ min: 1, max: 2 }),
      levels: fc.integer({ min: 0, max: 3 }),
      inputChannels: fc.integer({ min: 1, max: 2 }),
      classes: fc.integer({ min: 1, max: 2 }),
      // Group normalisation sees the whole tile.
      normalisation: fc.constantFrom('none' as const, 'channel-rms' as const),
    });
    fc.assert(
      fc.property(pointwise, ({ build, ...given }) => {
        const network = build(given);
        // One channel divided by its own size has forgotten how large it was, and
        // after three levels of division the farthest pixels are lost in rounding.
        fc.pre(given.normalisation === 'none' || (given.baseFilters > 1 && given.levels < 3));
        expect(measured(network)).toEqual(receptiveFieldOf(network));
      }),
      { numRuns: 20, seed: 2026 },
    );
  });
});

describe('a network description from a file', () => {
  it('survives being written and read as JSON, whatever its options', () => {
    fc.assert(
      fc.property(networks, (network) => {
        expect(parseNetwork(JSON.parse(JSON.stringify(network)))).toEqual(network);
      }),
      { seed: 2026 },
    );
  });

  it('without output and biases, as the first versions wrote it, has sigmoids and biases', () => {
    const whole = unet({ ...base8, levels: 1 });
    const first = {
      ...whole,
      output: undefined,
      layers: whole.layers.map((layer) => ({ ...layer, bias: undefined })),
    };
    expect(parseNetwork(JSON.parse(JSON.stringify(first)))).toEqual(whole);
  });

  it('of the bundled model is read, and its weights fit', () => {
    const folder = join(import.meta.dirname, '../../resources/models/isbi-base8');
    const file: unknown = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
    if (typeof file !== 'object' || file === null || !('network' in file))
      throw new Error('The bundled model has no network.');
    const network = parseNetwork(file.network);
    expect(network).toEqual(unet(base8));
    const weights = weightsFromBytes(network, readFileSync(join(folder, 'weights.bin')));
    expect(weights).toHaveLength(490_993);
  });

  const network = unet({ ...base8, levels: 1 });
  const broken: readonly [string, (json: Record<string, unknown>) => unknown][] = [
    ['is not an object', () => 'unet'],
    ['has another format', (json) => ({ ...json, format: 'keras' })],
    ['is of a newer version', (json) => ({ ...json, version: 2 })],
    ['has no layers', (json) => ({ ...json, layers: [] })],
    [
      'has a layer of an unknown kind',
      (json) => ({ ...json, layers: [{ kind: 'attention', name: 'a', input: 'image' }] }),
    ],
    [
      'reads a layer that comes later',
      (json) => ({ ...json, layers: [{ kind: 'relu', name: 'a', input: 'b' }] }),
    ],
    [
      'has an output that is neither sigmoid nor softmax',
      (json) => ({ ...json, output: 'argmax' }),
    ],
    ['has softmax over one class', (json) => ({ ...json, output: 'softmax' })],
    [
      'has a bias other than yes or no',
      (json) => ({ ...json, layers: network.layers.map((layer) => ({ ...layer, bias: 1 })) }),
    ],
    ['expects other channels than it gets', (json) => ({ ...json, inputChannels: 3 })],
    [
      'does not end at the size of the image',
      (json) => ({ ...json, layers: [{ kind: 'max-pool', name: 'a', input: 'image' }] }),
    ],
  ];
  it.each(broken)('is refused when it %s', (_, breakIt) => {
    const json: Record<string, unknown> = { ...network };
    expect(() => parseNetwork(breakIt(json))).toThrow(
      expect.objectContaining({ code: 'model.corrupt' }),
    );
  });
});

describe('weights', () => {
  it('come back from their bytes unchanged', () => {
    fc.assert(
      fc.property(networks, fc.integer(), (network, seed) => {
        const weights = initialWeights(network, seed);
        expect(
          Buffer.from(weightsFromBytes(network, weightsToBytes(weights)).buffer).equals(
            Buffer.from(weights.buffer),
          ),
        ).toBe(true);
      }),
      { numRuns: 30, seed: 2026 },
    );
  });

  it('are decided by the seed', () => {
    const network = unet(base8);
    const bytes = (seed: number): Buffer => Buffer.from(initialWeights(network, seed).buffer);
    expect(bytes(3).equals(bytes(3))).toBe(true);
    expect(bytes(3).equals(bytes(4))).toBe(false);
  });

  it('start with He deviations, silent residual branches and the share of membrane in the last bias', () => {
    const network = unet(base8);
    const weights = initialWeights(network, 0);
    const named = (name: string): Float32Array => {
      const parameter = parametersOf(network).find((each) => each.name === name);
      return parameter === undefined
        ? new Float32Array()
        : weights.subarray(parameter.offset, parameter.offset + parameter.length);
    };
    const first = named('bottom.conv1.weight');
    const deviation = Math.sqrt(
      first.reduce((sum, value) => sum + value * value, 0) / first.length,
    );
    expect(deviation).toBeCloseTo(Math.sqrt(2 / (64 * 9)), 2);
    expect(named('bottom.conv2.weight').every((value) => value === 0)).toBe(true);
    expect(named('head.bias')[0]).toBeCloseTo(Math.log(0.22 / 0.78), 5);
  });

  it('of another network, cut off, or not finite are refused with the reason', () => {
    const network = unet({ ...base8, levels: 1 });
    const bytes = weightsToBytes(initialWeights(network, 0));
    const other = unet({ ...base8, levels: 2 });
    expect(() => weightsFromBytes(other, bytes)).toThrow(
      expect.objectContaining({ code: 'model.shape-mismatch' }),
    );
    expect(() => weightsFromBytes(network, bytes.subarray(0, 1001))).toThrow(
      expect.objectContaining({ code: 'model.corrupt' }),
    );
    new DataView(bytes.buffer).setFloat32(400, Number.NaN, true);
    expect(() => weightsFromBytes(network, bytes)).toThrow(
      expect.objectContaining({ code: 'model.corrupt' }),
    );
  });
});
