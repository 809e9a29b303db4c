import { setMaxListeners } from 'node:events';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sizeAtLevel, tileCount, tilesOf, type TileBlock } from '#contract/tiles';
import { builtApp } from '#main/testing/built-app';
import { ChunkCache } from '#volume/chunk-cache';
import { DecodePool } from '../decode-pool';
import type { StackSource } from '../stack-source';
import { type CachedTile, TileReader } from '../tile-reader';
import { withStack } from '../tiff/testing/opened';
import { imageTags, tiffBytes, type TestPage } from '../tiff/testing/tiff-bytes';
import { wireTile } from '../wire-tile';
import { BlockReader } from './block-reader';

const { signal } = new AbortController();
setMaxListeners(0, signal);
const inline = new DecodePool({ worker: null });
let threads = inline;
beforeAll(async () => {
  threads = new DecodePool({ worker: (await builtApp()).decodeWorker, size: 2 });
}, 120_000);
afterAll(() => threads.close());

/** Bits and SampleFormat of a TIFF's element types. */
const types = [
  [8, 1],
  [8, 2],
  [16, 1],
  [16, 2],
  [32, 1],
  [32, 3],
  [64, 3],
] as const;

interface Case {
  readonly width: number;
  readonly height: number;
  readonly type: (typeof types)[number];
  readonly order: 'II' | 'MM';
  readonly compression: 1 | 8;
  /** Rows of a strip, or the side of a tile. */
  readonly rows: number;
  readonly tiled: boolean;
  readonly samples: 1 | 3;
  readonly seed: number;
  /** A block whose bytes are not what they should be. */
  readonly damage: { readonly block: number; readonly how: 'missing' | 'noise' } | null;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  width: fc.integer({ min: 1, max: 1100 }),
  height: fc.integer({ min: 1, max: 700 }),
  type: fc.constantFrom(...types),
  order: fc.constantFrom('II' as const, 'MM' as const),
  compression: fc.constantFrom(1 as const, 8 as const),
  rows: fc.constantFrom(16, 48, 512, 4096),
  tiled: fc.boolean(),
  samples: fc.constantFrom(1 as const, 1 as const, 3 as const),
  seed: fc.nat(),
  damage: fc.option(
    fc.record({ block: fc.nat(9), how: fc.constantFrom('missing' as const, 'noise' as const) }),
  ),
});

/** Any pixels, smooth enough that means differ from the values around them. */
function blockBytes(from: number, length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (seed ^ (from * 2654435761)) >>> 0;
  for (let i = 0; i < length; i += 1) {
    state = (state * 1664525 + 1013904223) >>> 0;
    bytes[i] = (i >> 5) + (state >>> 28);
  }
  return bytes;
}

function fileOf(picture: Case): Uint8Array {
  const { width, height, compression, order, samples, seed, damage } = picture;
  const [bits, format] = picture.type;
  const side = picture.tiled ? Math.min(picture.rows, 512) : picture.rows;
  const rowBytes = ((picture.tiled ? side : width) * samples * bits) / 8;
  const count = picture.tiled
    ? Math.ceil(width / side) * Math.ceil(height / side)
    : Math.ceil(height / side);
  const blocks = Array.from({ length: count }, (_, i) => {
    const rows = picture.tiled ? side : Math.min(side, height - i * side);
    const plain = blockBytes(i, rows * rowBytes, seed);
    if (compression === 1) return plain;
    const noise = damage?.how === 'noise' && damage.block % count === i;
    return noise ? blockBytes(i, 40, seed) : deflateSync(plain, { level: 1 });
  });
  const tags = imageTags({
    ...{ width, height, bits, format, samples, compression },
    photometric: samples === 3 ? 2 : 1,
    ...(picture.tiled ? { tile: [side, side] as const } : { rowsPerStrip: side }),
  });
  const page: TestPage = { tags, blocks, offsetsTag: picture.tiled ? 324 : 273 };
  if (damage?.how !== 'missing') return tiffBytes({ order, pages: [page] });
  let at = 8;
  const offsets = blocks.map((block, i) => {
    const place = at;
    at += block.length + (block.length % 2);
    return i === damage.block % count ? 2 ** 30 : place;
  });
  return tiffBytes({ order, pages: [{ ...page, offsets }] });
}

function readers(
  source: StackSource,
  pool: DecodePool,
): { blocks: BlockReader; tiles: TileReader } {
  const tiles = new TileReader(source, new ChunkCache<CachedTile>(2 ** 27), 'test');
  return { tiles, blocks: new BlockReader(source, pool, tiles) };
}

async function expectSame(source: StackSource, pool: DecodePool, at: number): Promise<void> {
  const { tiles, blocks } = readers(source, pool);
  const level = at % tiles.levels;
  const across = tileCount(sizeAtLevel(source.info.width, level));
  const down = tileCount(sizeAtLevel(source.info.height, level));
  const tx = at % across;
  const ty = (at >> 3) % down;
  const block: TileBlock = { tx, ty, across: across - tx, down: down - ty };
  const found = await blocks.block(0, level, block, signal);
  const wanted = await Promise.all(
    tilesOf(block).map(async (tile) =>
      wireTile(await tiles.tile(0, level, tile.tx, tile.ty, signal)),
    ),
  );
  expect(found.element).toBe(wanted[0]?.element);
  expect(found.hasBadBlocks).toBe(wanted.some(({ hasBadBlocks }) => hasBadBlocks));
  expect(Buffer.concat(wanted.map(({ bytes }) => bytes)).equals(found.bytes)).toBe(true);
}

describe('a block of tiles', () => {
  it.each([
    ['on the calling thread', () => inline],
    ['in workers', () => threads],
  ])('has the bytes of its tiles, damaged or not, %s', async (_, pool) => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.nat(99), async (picture, at) => {
        await withStack(fileOf(picture), (source) => expectSame(source, pool(), at));
      }),
      { seed: 11, numRuns: 15 },
    );
  });

  it('is read while others are, each in memory of its own', async () => {
    const base = { type: types[0], order: 'II', tiled: false, samples: 1, damage: null } as const;
    const bytes = fileOf({ ...base, width: 1300, height: 1300, compression: 8, rows: 48, seed: 5 });
    await withStack(bytes, async (source) => {
      await Promise.all([0, 1, 2, 9].map((at) => expectSame(source, inline, at)));
    });
  });

  it('is read row by row where rows are long', async () => {
    const base = { type: types[2], order: 'MM', tiled: false, samples: 1, damage: null } as const;
    const bytes = fileOf({ ...base, width: 2600, height: 60, compression: 1, rows: 16, seed: 5 });
    await withStack(bytes, async (source) => {
      const { tiles, blocks } = readers(source, inline);
      const found = await blocks.block(0, 0, { tx: 2, ty: 0, across: 1, down: 1 }, signal);
      const wanted = wireTile(await tiles.tile(0, 0, 2, 0, signal));
      expect(Buffer.from(found.bytes).equals(wanted.bytes)).toBe(true);
    });
  });

  it('beside the slice is refused, and so is one of a slice or level that is not there', async () => {
    const base = { type: types[0], order: 'II', tiled: false, samples: 1, damage: null } as const;
    const bytes = fileOf({ ...base, width: 600, height: 9, compression: 1, rows: 16, seed: 1 });
    await withStack(bytes, async (source) => {
      const { blocks } = readers(source, inline);
      const block = { tx: 0, ty: 0, across: 2, down: 1 };
      for (const [z, level, wanted] of [
        [0, 0, { ...block, tx: 1 }],
        [0, 0, { ...block, down: 2 }],
        [0, 0, { ...block, across: 0 }],
        [0, 2, block],
        [1, 0, block],
      ] as const)
        await expect(blocks.block(z, level, wanted, signal)).rejects.toMatchObject({
          code: 'stack.slice-out-of-range',
        });
    });
  });

  it('that nobody waits for any more is not read', async () => {
    const base = { type: types[0], order: 'II', tiled: false, samples: 1, damage: null } as const;
    const bytes = fileOf({ ...base, width: 600, height: 600, compression: 8, rows: 16, seed: 1 });
    await withStack(bytes, async (source) => {
      const { blocks } = readers(source, threads);
      const abort = new AbortController();
      const block = { tx: 0, ty: 0, across: 2, down: 2 };
      const asked = blocks.block(0, 0, block, abort.signal);
      abort.abort();
      await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
      await expectSame(source, threads, 0);
    });
  });
});
