import { describe, expect, it } from 'vitest';
import { TILE_PIXELS, TILE_SIZE } from '#contract/tiles';
import { greyRegion } from './grey-region';
import { halveRegion } from './halve-region';
import type { Region } from './stack-source';
import { sliceStatistics } from './statistics';
import { ChunkCache } from '#volume/chunk-cache';
import { type CachedTile, TileReader } from './tile-reader';
import { encodeDeflate } from './tiff/testing/encoders';
import { withStack } from './tiff/testing/opened';
import { imageTags, tiffBytes, type TestPage } from './tiff/testing/tiff-bytes';
import { windowToBytes, wireTile } from './wire-tile';

const signal = new AbortController().signal;
const [width, height] = [1300, 700];
const value = (x: number, y: number): number => (x * 3 + y * 5) % 251;
const pixels = Uint8Array.from({ length: width * height }, (_, at) =>
  value(at % width, Math.floor(at / width)),
);

/** The picture in strips of 100 rows; strip 3 is missing in the damaged one. */
function stack(compression: 1 | 8, damaged = false): Uint8Array {
  const blocks = Array.from({ length: 7 }, (_, strip) => {
    const rows = pixels.slice(strip * 100 * width, (strip + 1) * 100 * width);
    return compression === 8 ? encodeDeflate(rows) : rows;
  });
  const page: TestPage = {
    tags: imageTags({ width, height, compression, rowsPerStrip: 100 }),
    blocks,
  };
  if (!damaged) return tiffBytes({ pages: [page] });
  let at = 8;
  const offsets = blocks.map((block, strip) => {
    const place = strip === 3 ? 2 ** 31 : at;
    at += block.length + (block.length % 2);
    return place;
  });
  return tiffBytes({ pages: [{ ...page, offsets }] });
}

function reader(
  source: Parameters<Parameters<typeof withStack>[1]>[0],
  bytes = 2 ** 26,
): TileReader {
  return new TileReader(source, new ChunkCache<CachedTile>(bytes), 'test');
}

describe('tiles for the view', () => {
  it.each([1, 8] as const)(
    'are the pixels of the slice at level 0 (compression %i)',
    async (compression) => {
      await withStack(stack(compression), async (source) => {
        const tiles = reader(source);
        for (const [tx, ty] of [
          [0, 0],
          [2, 1],
          [1, 0],
        ] as const) {
          const tile = await tiles.tile(0, 0, tx, ty, signal);
          expect([tile.width, tile.height]).toEqual([
            Math.min(TILE_SIZE, width - tx * TILE_SIZE),
            Math.min(TILE_SIZE, height - ty * TILE_SIZE),
          ]);
          const [x, y] = [tile.width - 1, tile.height - 1];
          expect(tile.data[y * tile.width + x]).toBe(value(tx * TILE_SIZE + x, ty * TILE_SIZE + y));
        }
      });
    },
  );

  it('are 2 × 2 means above level 0, the same through tiles as through a region', async () => {
    await withStack(stack(8), async (source) => {
      const tiles = reader(source);
      expect(tiles.levels).toBe(3);
      const top = await tiles.tile(0, 2, 0, 0, signal);
      expect([top.width, top.height]).toEqual([325, 175]);
      const region = await source.readRegion(0, { x: 0, y: 0, width, height }, 2, signal);
      expect(top.data).toEqual(region.data);
      const first = (await tiles.tile(0, 1, 0, 0, signal)).data[0];
      const mean = (value(0, 0) + value(1, 0) + value(0, 1) + value(1, 1)) / 4;
      expect(first).toBe(Math.round(mean));
    });
  });

  it('say where they are bad, at every level', async () => {
    await withStack(stack(1, true), async (source) => {
      const tiles = reader(source);
      expect((await tiles.tile(0, 0, 0, 0, signal)).bad).toMatchObject([
        { y: 300, height: 100, state: 'missing' },
      ]);
      const half = await tiles.tile(0, 1, 0, 0, signal);
      for (const block of half.bad) expect(block).toMatchObject({ y: 150, height: 50 });
      expect(half.bad.reduce((sum, block) => sum + block.width, 0)).toBe(512);
      expect(wireTile(await tiles.tile(0, 2, 0, 0, signal)).hasBadBlocks).toBe(true);
    });
  });

  it('stay within their budget and are right all the same', async () => {
    await withStack(stack(8), async (source) => {
      const cache = new ChunkCache<CachedTile>(TILE_PIXELS);
      const tiles = new TileReader(source, cache, 'small');
      const top = await tiles.tile(0, 2, 0, 0, signal);
      const region = await source.readRegion(0, { x: 0, y: 0, width, height }, 2, signal);
      expect(top.data).toEqual(region.data);
      expect(cache.bytes).toBeLessThanOrEqual(TILE_PIXELS);
    });
  });

  it('are refused where there are none', async () => {
    await withStack(stack(1), async (source) => {
      const tiles = reader(source);
      for (const [z, level, tx, ty] of [
        [1, 0, 0, 0],
        [0, 3, 0, 0],
        [0, 0, 3, 0],
        [0, 1, 0, 1],
        [0, 0, -1, 0],
      ] as const)
        await expect(tiles.tile(z, level, tx, ty, signal)).rejects.toMatchObject({
          code: 'stack.slice-out-of-range',
        });
    });
  });

  it('let one who leaves go while others still wait', async () => {
    await withStack(stack(8), async (source) => {
      const tiles = reader(source);
      const leaving = new AbortController();
      const left = tiles.tile(0, 0, 0, 0, leaving.signal);
      const stayed = tiles.tile(0, 0, 0, 0, signal);
      leaving.abort();
      await expect(left).rejects.toThrow();
      expect((await stayed).data[0]).toBe(value(0, 0));
    });
  });

  it('go to the window as whole tiles with 0 outside the slice', async () => {
    await withStack(stack(1), async (source) => {
      const tile = await reader(source).tile(0, 0, 2, 1, signal);
      const { bytes, element } = wireTile(tile);
      expect([element, bytes.length]).toEqual(['uint8', TILE_PIXELS]);
      expect(bytes[0]).toBe(value(1024, 512));
      expect(bytes[tile.width]).toBe(0);
      expect(bytes[tile.height * TILE_SIZE]).toBe(0);
    });
  });
});

describe('halving', () => {
  const region = (
    data: Region['data'],
    type: Region['type'],
    regionWidth: number,
    bad: Region['bad'] = [],
  ): Region => ({
    type,
    data,
    bad,
    samples: 1,
    width: regionWidth,
    height: data.length / regionWidth,
  });

  it('takes the mean of what is there at odd edges', () => {
    const half = halveRegion(
      region(Uint8Array.from([0, 10, 100, 20, 30, 200, 7, 9, 50]), 'uint8', 3),
    );
    expect([half.width, half.height, Array.from<number | bigint>(half.data)]).toEqual([
      2,
      2,
      [15, 150, 8, 50],
    ]);
  });

  it('leaves out NaN, infinities and bad pixels', () => {
    const data = Float32Array.from([1, NaN, 3, Infinity, 5, 9, NaN, NaN]);
    expect(Array.from<number | bigint>(halveRegion(region(data, 'float32', 4)).data)).toEqual([
      5, 3,
    ]);
    const bad = [{ x: 0, y: 0, width: 4, height: 1, state: 'missing', reason: '' }] as const;
    const half = halveRegion(region(Int16Array.from([0, 0, 0, 0, -4, -6, 8, 9]), 'int16', 4, bad));
    expect([Array.from<number | bigint>(half.data), half.bad[0]!.height]).toEqual([[-5, 9], 1]);
  });

  it('gives NaN, not 0, where no float was finite', () => {
    expect(halveRegion(region(new Float32Array(4).fill(NaN), 'float32', 2)).data[0]).toBeNaN();
  });
});

describe('auto contrast', () => {
  it('leaves bad blocks out of the statistics', async () => {
    const readable = pixels.filter((_, at) => Math.floor(at / width / 100) !== 3);
    const sorted = readable.slice().sort();
    await withStack(stack(1, true), async (source) => {
      const found = await sliceStatistics(source, 0, signal);
      expect(found.mean).toBeCloseTo(readable.reduce((sum, v) => sum + v, 0) / readable.length, 6);
      expect([found.min, found.max]).toEqual([0, 250]);
      expect(found.low).toBe(sorted[Math.floor(0.005 * sorted.length)]);
      expect(found.high).toBe(sorted[Math.floor(0.995 * sorted.length)]);
      expect(found.bins.reduce((sum, count) => sum + count, 0)).toBe(readable.length);
    });
  });

  it('finds the range of 16-bit slices that use 12 bits', async () => {
    const data = Uint16Array.from({ length: 10_000 }, (_, at) => 100 + (at % 4000));
    const tags = imageTags({ width: 100, height: 100, bits: 16 });
    await withStack(
      tiffBytes({ pages: [{ tags, blocks: [new Uint8Array(data.buffer)] }] }),
      async (source) => {
        const { low, high } = await sliceStatistics(source, 0, signal);
        expect(low).toBeGreaterThan(105);
        expect(high).toBeLessThan(4095);
      },
    );
  });

  it('maps a display range to bytes', () => {
    const shown = windowToBytes(Float32Array.from([0, 10, 15, 20, 30, NaN]), { min: 10, max: 20 });
    expect(Array.from(shown)).toEqual([0, 0, 128, 255, 255, 0]);
  });

  it('shows grey images saved as RGB with their own values', () => {
    const data = Uint8Array.from([7, 7, 7, 255, 255, 255, 100, 100, 100]);
    const grey = greyRegion(
      { type: 'uint8', data, samples: 3, width: 3, height: 1, bad: [] },
      { kind: 'colour', stored: 'rgb', alpha: null },
    );
    expect(Array.from<number | bigint>(grey.data)).toEqual([7, 255, 100]);
  });
});
