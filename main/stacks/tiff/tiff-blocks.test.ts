import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeDeflate, encodeLzw, encodePackBits } from './testing/encoders';
import { opened, refused } from './testing/opened';
import { imageTags, tiffBytes, type ImageTags, type TestPage } from './testing/tiff-bytes';

/** 8 × 8 pixels of value 1 … 64, in two strips of 4 rows. */
const pixels = Uint8Array.from({ length: 64 }, (_, at) => at + 1);
const strips = [pixels.slice(0, 32), pixels.slice(32)];
const image = { width: 8, height: 8, rowsPerStrip: 4 } as const;
const good = Array.from(pixels);
const lowerGone = [...good.slice(0, 32), ...new Array<number>(32).fill(0)];

async function read(
  blocks: readonly Uint8Array[],
  more: Partial<TestPage> = {},
  tags: Partial<ImageTags> = {},
): ReturnType<typeof opened> {
  return opened(
    tiffBytes({ pages: [{ tags: imageTags({ ...image, ...tags }), blocks, ...more }] }),
  );
}

describe('strips that are not all there', { timeout: 10_000 }, () => {
  it('marks a strip beyond the end of the file as missing (20)', async () => {
    const { slices, warnings } = await read(strips, { offsets: [8, 5_000_000] });
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(lowerGone);
    expect(slices[0]!.bad).toMatchObject([{ x: 0, y: 4, width: 8, height: 4, state: 'missing' }]);
    expect(warnings).toContain('blocks-missing');
  });

  it.each([
    ['fractions', 12, [1e-284, 8.5]],
    ['beyond all numbers', 12, [Infinity, 2 ** 60]],
    ['negative', 9, [-8, -1]],
  ])('marks strips at places that are %s as missing', async (_, type, values) => {
    const places = { tag: 273, type, values };
    const { slices } = await read([], {
      tags: [...imageTags(image), places],
      byteCounts: [32, 32],
    });
    expect(slices[0]!.bad).toMatchObject([{ state: 'missing', height: 8 }]);
  });

  it('gives the good rows of a strip that is cut in half, and says which (21)', async () => {
    const page: TestPage = { tags: imageTags(image), blocks: [] };
    const head = tiffBytes({ pages: [{ ...page, offsets: [8, 8], byteCounts: [32, 32] }] });
    const bytes = tiffBytes({
      pages: [{ ...page, offsets: [head.length, head.length + 32], byteCounts: [32, 32] }],
      tail: pixels.slice(0, 50),
    });
    const { slices } = await opened(bytes);
    const { data, bad } = slices[0]!;
    expect(Array.from<number | bigint>(data.subarray(0, 48))).toEqual(good.slice(0, 48));
    expect(bad).toMatchObject([
      { y: 6, height: 2, state: 'truncated', reason: 'truncated at row 6' },
    ]);
  });

  it.each([1, 8])(
    'reads to the end of the file when a strip claims 4 GB, and warns (22, compression %i)',
    async (compression) => {
      const blocks = compression === 1 ? strips : strips.map(encodeDeflate);
      const { slices, warnings } = await read(
        blocks,
        { byteCounts: [blocks[0]!.length, 0xffffffff] },
        { compression },
      );
      expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(good);
      expect(warnings).toEqual(compression === 1 ? [] : ['byte-counts']);
    },
  );

  it('fills a strip that a sparse file leaves out with 0 (46)', async () => {
    const { slices, warnings } = await read([strips[0]!, new Uint8Array(0)]);
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(lowerGone);
    expect([slices[0]!.bad, warnings]).toEqual([[], []]);
  });

  it.each([
    ['deflate', 8, encodeDeflate],
    ['LZW', 5, encodeLzw],
    ['PackBits', 32_773, encodePackBits],
    ['nothing', 1, (bytes: Uint8Array) => bytes],
  ] as const)(
    'calls a strip truncated that decodes to too few rows (32, %s)',
    async (_, compression, encode) => {
      const blocks = [encode(strips[0]!), encode(strips[1]!.slice(0, 20))];
      const { slices } = await read(blocks, {}, { compression });
      expect(Array.from<number | bigint>(slices[0]!.data.subarray(0, 48))).toEqual(
        good.slice(0, 48),
      );
      expect(slices[0]!.bad).toMatchObject([{ y: 6, height: 2, state: 'truncated' }]);
    },
  );

  it(
    'reads 100,000 strips that share one place, in bounded memory (48)',
    { timeout: 10_000 },
    async () => {
      const rows = 100_000;
      const shared = encodeDeflate(Uint8Array.from([1, 2, 3, 4]));
      const before = process.memoryUsage().rss;
      const { slices } = await opened(
        tiffBytes({
          pages: [
            {
              tags: imageTags({ width: 4, height: rows, rowsPerStrip: 1, compression: 8 }),
              offsets: new Array<number>(rows).fill(8),
              byteCounts: new Array<number>(rows).fill(shared.length),
              blocks: [shared],
            },
          ],
        }),
      );
      const { data, bad } = slices[0]!;
      expect([data.length, Array.from<number | bigint>(data.subarray(-4)), bad]).toEqual([
        4 * rows,
        [1, 2, 3, 4],
        [],
      ]);
      expect(process.memoryUsage().rss - before).toBeLessThan(512 * 2 ** 20);
    },
  );

  it('refuses a page that lists one of a million strips, without looking for the others', async () => {
    const tags = imageTags({ width: 8, height: 2 ** 26, rowsPerStrip: 1, compression: 8 });
    const bytes = tiffBytes({ pages: [{ tags, blocks: [encodeDeflate(pixels)] }] });
    expect(await refused(bytes)).toMatchObject({ code: 'tiff.corrupt' });
  });
});

describe('strips that hold nonsense', { timeout: 10_000 }, () => {
  const garbage = Uint8Array.from({ length: 300 }, (_, at) => (at * 73 + 41) % 256);
  it.each([
    ['LZW (23)', 5, encodeLzw, garbage],
    ['deflate (26)', 8, encodeDeflate, garbage],
    ['PackBits (27)', 32_773, encodePackBits, Uint8Array.from([200, 5, 200, 6])],
    ['zstd (31)', 50_000, null, garbage],
  ] as const)('marks only that strip as corrupt: %s', async (_, compression, encode, nonsense) => {
    const first = encode === null ? garbage : encode(strips[0]!);
    const { slices, info } = await read([first, nonsense], {}, { compression });
    const { data, bad } = slices[0]!;
    if (encode !== null) expect(Array.from<number | bigint>(data)).toEqual(lowerGone);
    expect(bad.at(-1)).toMatchObject({ state: 'corrupt' });
    expect(bad.at(-1)!.y + bad.at(-1)!.height).toBe(8);
    expect(info.depth).toBe(1);
  });

  it('marks JPEG garbage as corrupt (30)', async () => {
    const { slices } = await read([garbage, garbage], {}, { compression: 7 });
    expect(slices[0]!.bad).toMatchObject([
      { y: 0, height: 8, state: 'corrupt', reason: 'not a JPEG stream' },
    ]);
  });

  it('calls LZW that ends early truncated (24)', async () => {
    const whole = encodeLzw(strips[1]!);
    const { slices } = await read(
      [encodeLzw(strips[0]!), whole.slice(0, 20)],
      {},
      { compression: 5 },
    );
    const { data, bad } = slices[0]!;
    expect(bad).toMatchObject([{ state: 'truncated' }]);
    expect(bad[0]!.y).toBeGreaterThanOrEqual(4);
    expect(Array.from<number | bigint>(data.subarray(0, bad[0]!.y * 8))).toEqual(
      good.slice(0, bad[0]!.y * 8),
    );
  });

  it('stops a deflate bomb at the size of the strip (25)', async () => {
    const bomb = deflateSync(new Uint8Array(64 * 2 ** 20).fill(7));
    const before = process.memoryUsage().rss;
    const { slices } = await read([encodeDeflate(strips[0]!), bomb], {}, { compression: 8 });
    expect(Array.from<number | bigint>(slices[0]!.data.subarray(32))).toEqual(
      new Array<number>(32).fill(7),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  });

  it('notices a flipped bit that deflate has a checksum for', async () => {
    const flipped = encodeDeflate(strips[1]!);
    flipped[flipped.length - 1]! ^= 1;
    const { slices } = await read([encodeDeflate(strips[0]!), flipped], {}, { compression: 8 });
    expect(slices[0]!.bad).toMatchObject([{ y: 4, state: 'corrupt' }]);
  });

  it('notices damage that makes a deflate stream longer than the strip', async () => {
    const noise = Uint8Array.from(
      { length: 4096 },
      (_, at) => (at * at * 31 + (at >> 3) * 7) % 251,
    );
    const sound = encodeDeflate(noise);
    const zeroed = Uint8Array.from(sound, (byte, at) => (at > sound.length / 4 ? 0 : byte));
    const size = { width: 32, height: 128, compression: 8 };
    const of = async (block: Uint8Array, height: number) => {
      const tags = imageTags({ ...size, height });
      const { slices } = await opened(tiffBytes({ pages: [{ tags, blocks: [block] }] }));
      return slices[0]!.bad.map(({ state }) => state);
    };
    expect(await of(zeroed, 40)).toEqual(['corrupt']);
    // Rows of a whole strip in a shorter last one are no damage.
    expect(await of(sound, 40)).toEqual([]);
  });

  it('refuses to believe that 100 bytes hold 64 MB', async () => {
    const { slices } = await read(
      [garbage.slice(0, 100)],
      {},
      { width: 8192, height: 8192, rowsPerStrip: 8192, compression: 8 },
    );
    expect(slices[0]!.bad).toMatchObject([{ state: 'corrupt', height: 8192 }]);
  });
});

describe('every way of storing blocks gives the same picture', () => {
  const tile = (x: number, y: number): Uint8Array =>
    Uint8Array.from({ length: 256 }, (_, at) => {
      const [px, py] = [x + (at % 16), y + Math.floor(at / 16)];
      return px < 20 && py < 18 ? (py * 20 + px) % 256 : 99;
    });
  const codecs = [
    ['none', 1, (bytes: Uint8Array) => bytes],
    ['deflate', 8, encodeDeflate],
    ['old deflate', 32_946, encodeDeflate],
    ['LZW', 5, encodeLzw],
    ['PackBits', 32_773, encodePackBits],
  ] as const;
  it.each(codecs)('%s in tiles that reach beyond the edge', async (_, compression, encode) => {
    const blocks = [tile(0, 0), tile(16, 0), tile(0, 16), tile(16, 16)].map(encode);
    const tags = imageTags({ width: 20, height: 18, compression, tile: [16, 16] });
    const { slices } = await opened(tiffBytes({ pages: [{ tags, blocks, offsetsTag: 324 }] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(
      Array.from({ length: 360 }, (_x, at) => at % 256),
    );
    expect(slices[0]!.bad).toEqual([]);
  });

  it.each(codecs)('%s in strips', async (_, compression, encode) => {
    const { slices } = await read(strips.map(encode), {}, { compression });
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(good);
  });

  it('turns bits of FillOrder 2 around', async () => {
    const turn = (byte: number): number =>
      parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2);
    const tags = [...imageTags(image), { tag: 266, type: 3, values: [2] }];
    const blocks = strips.map((strip) => strip.map(turn));
    const { slices } = await opened(tiffBytes({ pages: [{ tags, blocks }] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(good);
  });
});
