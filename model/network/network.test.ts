import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { referenceLogits } from '../engines/reference';
import { alignmentOf, haloOf, multiplyAddsOf } from './geometry';
import { parameterCount, parametersOf } from './parameters';
import { parseNetwork } from './parse-network';
import { unet, type UNetOptions } from './unet';
import { initialWeights, weightsFromBytes, weightsToBytes } from './weights';

// The engine computes on whatever cores are left over: a busy machine is no fault.
vi.setConfig({ testTimeout: 120_000 });

const base8: UNetOptions = {
  baseFilters: 8,
  levels: 4,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
};

const options: fc.Arbitrary<UNetOptions> = fc.record({
  baseFilters: fc.integer({ min: 1, max: 9 }),
  levels: fc.integer({ min: 0, max: 3 }),
  inputChannels: fc.integer({ min: 1, max: 3 }),
  classes: fc.integer({ min: 1, max: 3 }),
  normalisation: fc.constantFrom('none', 'group', 'channel-rms'),
});

describe('the U-Net', () => {
  it('has the size and cost of the measured base-8 net', () => {
    const network = unet(base8);
    expect(parameterCount(network)).toBe(490_993);
    expect(multiplyAddsOf(network, 512, 512)).toBeCloseTo(3.494e9, -7);
    expect(alignmentOf(network)).toBe(16);
  });

  it('survives being written and read as JSON, whatever its options', () => {
    fc.assert(
      fc.property(options, (given) => {
        const network = unet(given);
        expect(parseNetwork(JSON.parse(JSON.stringify(network)))).toEqual(network);
      }),
    );
  });

  it.each([0, 1, 2])('looks exactly as far as its halo says, with %i levels', (levels) => {
    const network = unet({
      baseFilters: 2,
      levels,
      inputChannels: 1,
      classes: 1,
      normalisation: 'none',
    });
    const halo = haloOf(network);
    // Positive weights let every change through every ReLU.
    const weights = Float64Array.from(
      initialWeights(network, 1),
      (value) => Math.abs(value) + 0.01,
    );
    const side = Math.ceil((2 * halo + 9) / 4) * 4;
    const middle = Math.floor(side / 2);
    const image = new Float32Array(side * side).fill(1);
    const before = referenceLogits(network, weights, image, side, side);
    let farthest = 0;
    for (let shift = 0; shift < 4; shift++) {
      const row = middle + shift;
      const changed = image.slice();
      changed[row * side + row] = 100;
      const after = referenceLogits(network, weights, changed, side, side);
      after.forEach((value, i) => {
        if (Math.abs(value - (before[i] ?? 0)) > 1e-9 * Math.abs(value)) {
          farthest = Math.max(
            farthest,
            Math.abs(Math.floor(i / side) - row),
            Math.abs((i % side) - row),
          );
        }
      });
    }
    expect(farthest).toBe(halo);
  });
});

describe('a network description from a file', () => {
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
      fc.property(options, fc.integer(), (given, seed) => {
        const network = unet(given);
        const weights = initialWeights(network, seed);
        expect(
          Buffer.from(weightsFromBytes(network, weightsToBytes(weights)).buffer).equals(
            Buffer.from(weights.buffer),
          ),
        ).toBe(true);
      }),
      { numRuns: 30 },
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
