import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors';
import { growHead } from './grow-head';
import { parameterCount, parametersOf } from './parameters';
import { parseNetwork } from './parse-network';
import { unet } from './unet';
import { checkWeights, initialWeights } from './weights';

const options = {
  baseFilters: 4,
  levels: 1,
  inputChannels: 1,
  classes: 1,
  normalisation: 'none',
} as const;

describe('a grown head', () => {
  it('keeps every weight that was there, in the rows of the maps that were there', () => {
    for (const [classes, extra] of [
      [1, 1],
      [1, 3],
      [2, 2],
    ] as const) {
      const network = unet({ ...options, classes });
      const weights = initialWeights(network, 3);
      const grown = growHead(network, weights, extra, 5);
      expect(parseNetwork(JSON.parse(JSON.stringify(grown.network)))).toEqual(grown.network);
      expect(grown.network.classes).toBe(classes + extra);
      expect(parameterCount(grown.network) - parameterCount(network)).toBe(extra * 5);
      checkWeights(grown.network, grown.weights);
      const now = new Map(parametersOf(grown.network).map((each) => [each.name, each]));
      for (const { name, offset, length } of parametersOf(network)) {
        const place = now.get(name)?.offset ?? NaN;
        expect([...grown.weights.subarray(place, place + length)]).toEqual([
          ...weights.subarray(offset, offset + length),
        ]);
      }
    }
  });

  it('draws the new weights from the seed, none of them zero', () => {
    const network = unet(options);
    const weights = initialWeights(network, 3);
    const [a, again, other] = [5, 5, 6].map((seed) => growHead(network, weights, 2, seed).weights);
    expect(a).toEqual(again);
    expect(a).not.toEqual(other);
    expect(a?.subarray(-12).every((value) => value !== 0)).toBe(true);
  });

  it('refuses a network whose classes exclude one another', () => {
    const network = unet({ ...options, classes: 2, output: 'softmax' });
    expect(() => growHead(network, initialWeights(network, 1), 1, 0)).toThrow(ModelError);
  });
});
