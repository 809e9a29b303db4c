import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rect } from '#contract/tiles';
import { chosenChannel } from '../chosen-channel';
import { greyRegion } from '../grey-region';
import { openStack } from '../open-stack';
import type { StackSource } from '../stack-source';
import { type TestArray, writeArray, writeImage } from './testing/zarr-folder';

const signal = new AbortController().signal;
let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'membrana-zarr-')), 'stack.ome.zarr');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

/** A different value at each of the places that tests look at. */
const value = ([z = 0, y = 0, x = 0]: readonly number[]): number => (z * 67 + y * 13 + x * 7) % 251;
const plain: TestArray = {
  format: 2,
  shape: [5, 70, 90],
  chunk: [2, 32, 40],
  type: 'uint8',
  value,
};
const whole: Rect = { x: 0, y: 0, width: 90, height: 70 };

async function withStack(
  work: (source: StackSource) => Promise<void> | void,
  path = folder,
): Promise<void> {
  const source = await openStack(path, { signal });
  try {
    await work(source);
  } finally {
    await source.close();
  }
}

/** Every pixel of every slice against the rule that the file was written by. */
async function expectPixels(source: StackSource, of = value): Promise<void> {
  const { width, height, depth } = source.info;
  for (let z = 0; z < depth; z += 1) {
    const { data, bad } = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
    expect(bad).toEqual([]);
    const wanted = Array.from({ length: width * height }, (_, at) =>
      of([z, Math.floor(at / width), at % width]),
    );
    expect(Array.from(data, Number)).toEqual(wanted);
  }
}

describe('an OME-Zarr shows the pixels that were written', () => {
  const arrays: readonly [string, Partial<TestArray>][] = [
    ['0.4, raw', {}],
    ['0.4, zlib, slashes', { compress: 'zlib', separator: '/' }],
    ['0.4, gzip, big-endian uint16', { compress: 'gzip', type: 'uint16', bigEndian: true }],
    ['0.4, columns first', { order: 'F' }],
    ['0.4, uint32', { type: 'uint32' }],
    ['0.4, uint64', { type: 'uint64' }],
    ['0.5, raw', { format: 3 }],
    ['0.5, gzip, float32', { format: 3, compress: 'gzip', type: 'float32' }],
    ['0.5, dots, int16', { format: 3, separator: '.', type: 'int16' }],
    ['0.5, shards', { format: 3, chunk: [1, 16, 20], shard: [2, 32, 40], compress: 'gzip' }],
    ['0.5, one chunk for all', { format: 3, chunk: [8, 128, 128] }],
  ];
  it.each(arrays)('%s', async (_, change) => {
    await writeImage(folder, [{ ...plain, ...change }]);
    await withStack(async (source) => {
      expect(source.info).toMatchObject({
        width: 90,
        height: 70,
        depth: 5,
        samples: 1,
        axes: 'ZYX',
        type: change.type ?? 'uint8',
        voxelSize: { x: 4, y: 4, z: 50, source: 'file' },
        warnings: [],
      });
      await expectPixels(source);
      // A part that meets several chunks, and reaches beyond the slice.
      const part = await source.readRegion(3, { x: 35, y: 30, width: 100, height: 10 }, 0, signal);
      expect([part.width, part.height]).toEqual([55, 10]);
      expect(Number(part.data[0])).toBe(value([3, 30, 35]));
      expect(Number(part.data.at(-1))).toBe(value([3, 39, 89]));
    });
  });

  it('an array by itself, whose axes nobody names', async () => {
    await writeArray(folder, plain);
    await withStack(async (source) => {
      expect(source.info.voxelSize.source).toBe('unknown');
      await expectPixels(source);
    });
  });

  it('one image below a group that holds nothing else', async () => {
    const image = join(folder, '0');
    await writeImage(image, [plain]);
    await writeFile(join(folder, '.zgroup'), '{"zarr_format":2}');
    await withStack((source) => expectPixels(source));
  });

  it('channels side by side, of which one is chosen', async () => {
    const array: TestArray = {
      ...plain,
      shape: [3, 5, 70, 90],
      chunk: [2, 2, 32, 40],
      value: ([c = 0, ...rest]) => (value(rest) + 40 * c) % 256,
    };
    await writeImage(folder, [array], { axes: ['c', 'z', 'y', 'x'] });
    await withStack(async (source) => {
      expect(source.info.meaning).toEqual({
        kind: 'channels',
        channels: 3,
        channel: 0,
        alpha: null,
      });
      for (const channel of [0, 1, 2]) {
        const chosen = chosenChannel(source, channel);
        const grey = greyRegion(await chosen.readRegion(1, whole, 0, signal), chosen.info.meaning);
        expect(grey.data[5 * 90 + 33]).toBe((value([1, 5, 33]) + 40 * channel) % 256);
      }
    });
  });

  it('times as slices, where there are no others', async () => {
    const array: TestArray = {
      ...plain,
      shape: [5, 1, 1, 70, 90],
      chunk: [1, 1, 1, 32, 40],
      value: ([t = 0, , , y = 0, x = 0]) => value([t, y, x]),
    };
    await writeImage(folder, [array], { axes: ['t', 'c', 'z', 'y', 'x'] });
    await withStack(async (source) => {
      expect(source.info.depth).toBe(5);
      expect(source.info.warnings.map(({ code }) => code)).toEqual(['axes-as-slices']);
      await expectPixels(source);
    });
  });
});

describe('resolutions that the Zarr has', () => {
  const half = (place: readonly number[]): number => (value(place) + 1) % 251;
  it('are used as they are, and the next one is made from them', async () => {
    await writeImage(folder, [plain, { ...plain, shape: [5, 35, 45], value: half }]);
    await withStack(async (source) => {
      expect(source.levels).toEqual([0, 1]);
      const found = await source.readRegion(2, { x: 3, y: 4, width: 10, height: 10 }, 1, signal);
      expect(found.data[0]).toBe(half([2, 4, 3]));
      const quarter = await source.readRegion(2, { x: 0, y: 0, width: 5, height: 5 }, 2, signal);
      const mean = [half([2, 0, 0]), half([2, 0, 1]), half([2, 1, 0]), half([2, 1, 1])];
      expect(quarter.data[0]).toBeCloseTo(mean.reduce((a, b) => a + b) / 4, -0.5);
    });
  });

  it('may be a pixel short: the last column and row stand twice', async () => {
    const odd = { ...plain, shape: [1, 71, 91] };
    await writeImage(folder, [odd, { ...odd, shape: [1, 35, 45], value: half }]);
    await withStack(async (source) => {
      const all = await source.readRegion(0, { x: 0, y: 0, width: 46, height: 36 }, 1, signal);
      expect([all.width, all.height]).toEqual([46, 36]);
      expect(all.data[45]).toBe(half([0, 0, 44]));
      expect(all.data[35 * 46 + 7]).toBe(half([0, 34, 7]));
      const corner = await source.readRegion(0, { x: 45, y: 35, width: 1, height: 1 }, 1, signal);
      expect(Array.from(corner.data, Number)).toEqual([half([0, 34, 44])]);
    });
  });

  it('are left out where they thin out the slices, and said to be where they do not fit', async () => {
    await writeImage(folder, [
      plain,
      { ...plain, shape: [3, 35, 45] },
      { ...plain, shape: [5, 20, 80] },
      { ...plain, shape: [5, 35, 45], type: 'uint16' },
    ]);
    await withStack((source) => {
      expect(source.levels).toEqual([0]);
      expect(source.info.warnings.map(({ code }) => code)).toEqual([
        'level-dropped',
        'level-dropped',
      ]);
    });
  });
});
