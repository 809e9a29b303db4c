import { describe, expect, it } from 'vitest';
import { SQUARE } from '#labels/rasterize';
import { ModelId } from '#contract/ids';
import { TILE_PIXELS } from '#contract/tiles';
import { sampleProject } from '../../state/testing/sample-project';
import { SliceTiles } from './slice-tiles';
import { fitted, type ViewGeometry } from '../camera/view-geometry';

const model = ModelId.parse('m1');
const membrane = { model, classes: [] };
const around = (z: number) => ({ near: [z + 1, z - 1], far: [z + 2, z - 2] });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

function setUp(width: number, height: number, predicted = true, zoom?: number) {
  const asked: string[] = [];
  const failures: unknown[] = [];
  const info = { ...sampleProject().stack.info, width, height, depth: 3 };
  const tiles = new SliceTiles({
    info,
    source: {
      raw: (z, level, tx, ty) => {
        asked.push([z, level, tx, ty].join('/'));
        if (z === 2) return Promise.reject(new Error('a strip is damaged'));
        return Promise.resolve(new Uint8Array(TILE_PIXELS).fill(10 * z + level));
      },
      probability: () => Promise.resolve(predicted ? new Uint8Array(TILE_PIXELS).fill(51) : null),
      classMap: (_model, name) =>
        Promise.resolve(name === 'mitochondria' ? new Uint8Array(TILE_PIXELS).fill(102) : null),
      ids: () => Promise.resolve(null),
      line: () => Promise.resolve(null),
      truth: (value) => Promise.resolve(new Uint8Array(TILE_PIXELS).fill(value)),
    },
    arrived: () => undefined,
    failed: (error) => failures.push(error),
  });
  const fit: ViewGeometry = fitted({
    ...{
      viewWidth: 500,
      viewHeight: 500,
      pixelRatio: 1,
      zoom: 1,
      stretch: SQUARE,
      centre: { x: 0, y: 0 },
    },
    ...{ imageWidth: width, imageHeight: height },
  });
  const geometry = { ...fit, zoom: zoom ?? fit.zoom };
  return { tiles, geometry, asked, failures };
}

describe('the tiles of a slice', () => {
  it('are asked for where one looks alone, until that is here', async () => {
    const { tiles, geometry, asked } = setUp(2048, 2048, true, 0.45);
    expect(tiles.isHere(geometry, 1, [membrane])).toBe(false);
    tiles.want(geometry, 1, [membrane], null, null);
    await settled();
    expect(asked).not.toEqual([]);
    expect(asked.every((key) => key.startsWith('1/1/'))).toBe(true);
    expect(tiles.isHere(geometry, 1, [membrane])).toBe(true);
  });

  it('are asked for where the wheel would lead, after those in sight, within the stack', async () => {
    const { tiles, geometry, asked } = setUp(2048, 2048, true, 0.45);
    tiles.want(geometry, 1, [], null, around(1));
    await settled();
    expect(tiles.levels).toBe(3);
    expect(asked).toContain('1/2/0/0');
    expect(asked).toContain('0/1/1/1');
    expect(asked.some((key) => key.startsWith('-1/') || key.startsWith('3/'))).toBe(false);
    expect(asked.findIndex((key) => key.startsWith('0/'))).toBeGreaterThan(
      asked.findLastIndex((key) => key.startsWith('1/1/')),
    );
  });

  it('tell what is unknown, what is not predicted and what is', async () => {
    const { tiles, geometry } = setUp(300, 200);
    expect(tiles.probabilityAt(1, 5, 5, model)).toBeNull();
    expect(tiles.probability(tiles.top(1), model)).toBeUndefined();
    tiles.want(geometry, 1, [membrane], null, around(1));
    await settled();
    expect(tiles.rawAt(1, 299, 199)).toBe(10);
    expect(tiles.probabilityAt(1, 5, 5, model)).toBeCloseTo(0.2);
    expect(tiles.probability(tiles.top(1), null)).toBeNull();

    const without = setUp(300, 200, false);
    without.tiles.want(without.geometry, 1, [membrane], null, around(1));
    await settled();
    expect(without.tiles.probability(without.tiles.top(1), model)).toBeNull();
    const rect = { x: 0, y: 0, width: 300, height: 200 };
    const { signal } = new AbortController();
    expect((await without.tiles.probabilities(1, rect, model, signal)).size).toBe(0);
  });

  it('of classes beside membrane are asked for by name, waited for, and forgotten with the prediction', async () => {
    const { tiles, geometry } = setUp(300, 200);
    const both = { model, classes: ['mitochondria', 'nuclei'] };
    tiles.want(geometry, 1, [membrane], null, null);
    await settled();
    expect(tiles.isHere(geometry, 1, [membrane])).toBe(true);
    expect(tiles.isHere(geometry, 1, [both])).toBe(false);
    tiles.want(geometry, 1, [both], null, null);
    await settled();
    const top = tiles.top(1);
    expect(tiles.isHere(geometry, 1, [both])).toBe(true);
    expect(tiles.probability(top, model, 'mitochondria')?.[0]).toBe(102);
    expect(tiles.probability(top, model, 'nuclei')).toBeNull();
    expect(tiles.probability(top, model)?.[0]).toBe(51);
    tiles.forgetPrediction(model, new Set([1]));
    expect(tiles.probability(top, model, 'mitochondria')).toBeUndefined();
  });

  it('of the truth come when it is shown, and go when another one is opened', async () => {
    const { tiles, geometry } = setUp(300, 200);
    expect(tiles.truth(tiles.top(1), 7)).toBeNull();
    tiles.want(geometry, 1, [], 7, around(1));
    await settled();
    expect(tiles.truth(tiles.top(1), 7)?.[0]).toBe(7);
    expect(tiles.truth(tiles.top(1), null)).toBeNull();
    tiles.forgetTruth();
    expect(tiles.truth(tiles.top(1), 7)).toBeNull();
  });

  it('that cannot be read are told of, and count as answered', async () => {
    const { tiles, geometry, failures } = setUp(300, 200);
    tiles.want(geometry, 2, [], null, null);
    await settled();
    expect(failures).toHaveLength(1);
    expect(tiles.rawFailed(tiles.top(2))).toBe(true);
    expect(tiles.rawFailed(tiles.top(1))).toBe(false);
  });
});
