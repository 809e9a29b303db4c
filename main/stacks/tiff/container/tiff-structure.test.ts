import { describe, expect, it } from 'vitest';
import { opened, refused, withStack, wholeSlice } from '../testing/opened';
import { imageTags, tiffBytes, type TestPage } from '../testing/tiff-bytes';

/** A 4 × 4 page whose pixels are 0 … 15, plus `add`. */
function page(more: Partial<TestPage> = {}, add = 0): TestPage {
  const pixels = Uint8Array.from({ length: 16 }, (_, at) => at + add);
  return { tags: imageTags({ width: 4, height: 4 }), blocks: [pixels], ...more };
}
const counting = Array.from({ length: 16 }, (_, at) => at);
const cut = (bytes: Buffer<ArrayBuffer>, length: number): Uint8Array => bytes.subarray(0, length);
const without = (tag: number): TestPage => {
  const whole = page();
  return { ...whole, tags: whole.tags.filter((other) => other.tag !== tag) };
};
const replaced = (
  tag: number,
  values: readonly number[],
  more: Partial<TestPage> = {},
): TestPage => {
  const whole = page(more);
  const tags = whole.tags.filter((other) => other.tag !== tag);
  return { ...whole, tags: [...tags, { tag, type: 4, values }] };
};

describe('a file that is no TIFF, or none any more', { timeout: 10_000 }, () => {
  it('says that an empty file is empty (1)', async () => {
    expect(await refused(new Uint8Array(0))).toMatchObject({ code: 'file.empty' });
  });

  it('says that the header is truncated (2)', async () => {
    const error = await refused(cut(tiffBytes({ pages: [page()] }), 7));
    expect(error).toMatchObject({ code: 'tiff.truncated' });
    expect(error.message).toContain('truncated header');
  });

  it('says that a text file looks like text (3)', async () => {
    const error = await refused(Buffer.from('x,y,z\n1,2,3\n'.repeat(9)));
    expect(error.code).toBe('tiff.not-a-tiff');
    expect(error.message).toContain('looks like text');
  });

  it.each([
    ['a PNG picture', [0x89, 0x50, 0x4e, 0x47, 13, 10]],
    ['a JPEG picture', [0xff, 0xd8, 0xff, 0xe0]],
    ['gzip', [0x1f, 0x8b, 8, 0]],
  ])('names %s renamed to .tif', async (name, magic) => {
    const error = await refused(Uint8Array.from([...magic, ...new Array<number>(64).fill(200)]));
    expect(error.code).toBe('tiff.not-a-tiff');
    expect(error.message).toContain(name);
  });

  it('says where the directory should be (4)', async () => {
    const error = await refused(cut(tiffBytes({ pages: [page()] }), 20));
    expect(error.code).toBe('tiff.truncated');
    expect(error.message).toMatch(/directory is at byte 24 of 20/);
  });

  it('says that a file without directories holds no image (5)', async () => {
    expect(await refused(tiffBytes({ pages: [] }))).toMatchObject({ code: 'tiff.no-image' });
  });
});

describe('a list of pages that goes wrong', { timeout: 10_000 }, () => {
  it('opens one page of a directory that points to itself, and warns (6)', async () => {
    const { info, slices, warnings } = await opened(
      tiffBytes({ pages: [page({ next: { page: 0 } })] }),
    );
    expect([info.depth, Array.from<number | bigint>(slices[0]!.data)]).toEqual([1, counting]);
    expect(warnings).toContain('circular-list');
  });

  it('opens two pages of a ring of two, and warns (7)', async () => {
    const pages = [page(), page({ next: { page: 0 } }, 100)];
    const { info, slices, warnings } = await opened(tiffBytes({ pages }));
    expect([info.depth, slices[1]!.data[0]]).toEqual([2, 100]);
    expect(warnings).toContain('circular-list');
  });

  it('opens page 1 when the next is at 2^63, and warns (57)', async () => {
    const bytes = tiffBytes({ big: true, pages: [page({ next: 2 ** 63 })] });
    const { info, warnings } = await opened(bytes);
    expect(info.depth).toBe(1);
    expect(warnings).toContain('list-truncated');
  });

  it('uses the complete entries of a directory that claims 65,535 (8)', async () => {
    const { slices, warnings } = await opened(tiffBytes({ pages: [page({ entries: 65_535 })] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('directory-truncated');
  });

  it('refuses a BigTIFF directory of 2^40 entries (9)', async () => {
    const bytes = tiffBytes({ big: true, pages: [page({ entries: 2 ** 40 })] });
    expect(await refused(bytes)).toMatchObject({ code: 'tiff.too-large' });
  });

  it.each(['close together', 'far apart'])(
    'opens 20,000 pages in under a second, any at random (47, %s)',
    { timeout: 20_000 },
    async (spread) => {
      const tags = imageTags({ width: 8, height: 8 });
      const gap = spread === 'far apart' ? [new Uint8Array(70_000)] : [];
      const pages = Array.from({ length: 20_000 }, (_, z): TestPage => {
        const pixels = new Uint8Array(64).fill(z % 251);
        return { tags, blocks: [pixels, ...(z % 20 === 0 ? gap : [])] };
      });
      const bytes = tiffBytes({ pages });
      // Processor time: this must hold on a busy machine too.
      const before = process.cpuUsage();
      await withStack(bytes, async (source) => {
        expect(source.info.depth).toBe(20_000);
        for (const z of [19_999, 3, 12_345])
          expect((await wholeSlice(source, z)).data[63]).toBe(z % 251);
      });
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(1000);
    },
  );

  it('offers the largest group of equal pages, and warns (49)', async () => {
    const other: TestPage = {
      tags: imageTags({ width: 2, height: 2 }),
      blocks: [new Uint8Array(4)],
    };
    const { info, slices, warnings } = await opened(
      tiffBytes({ pages: [other, page(), page({}, 100)] }),
    );
    expect([info.depth, info.width, slices[1]!.data[0]]).toEqual([2, 4, 100]);
    expect(warnings).toContain('mixed-pages');
  });
});

describe('tags that lie or are missing', { timeout: 10_000 }, () => {
  it('ignores a description of 4 G characters, and warns (10)', async () => {
    const tags = [
      ...imageTags({ width: 4, height: 4 }),
      { tag: 270, type: 2, values: 'long text', count: 4_000_000_000 },
    ];
    const { slices, warnings } = await opened(tiffBytes({ pages: [page({ tags })] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('description-ignored');
  });

  it('refuses a list of 2^29 strips that the file cannot hold (11)', async () => {
    const tags = [
      ...imageTags({ width: 4, height: 4 }),
      { tag: 273, type: 4, values: [8], count: 2 ** 29, at: 8 },
    ];
    const error = await refused(tiffBytes({ pages: [page({ tags })] }));
    expect(error.code).toBe('tiff.corrupt');
    expect(error.message).toContain("exceeds the file's size");
  });

  it.each([
    ['has no width (12)', replaced(256, [0]), 'tiff.no-image', /no width/],
    ['has no width tag (59)', without(256), 'tiff.no-image', /no width/],
    [
      'is 4 G × 4 G pixels (13)',
      { ...page(), tags: imageTags({ width: 4e9, height: 4e9 }) },
      'tiff.too-large',
      /beyond/,
    ],
    [
      'is 100k × 100k with 16 bytes (14)',
      { ...page(), tags: imageTags({ width: 100_000, height: 100_000, bits: 16 }) },
      'tiff.truncated',
      /declares 20000000000 bytes of pixels and holds 16/,
    ],
    [
      'has tiles of 0 × 0 (15)',
      page({ offsetsTag: 324, tags: imageTags({ width: 4, height: 4, tile: [0, 0] }) }),
      'tiff.corrupt',
      /0 × 0/,
    ],
    [
      'is 60k × 60k in tiles of one pixel (58)',
      page({ offsetsTag: 324, tags: imageTags({ width: 60_000, height: 60_000, tile: [1, 1] }) }),
      'tiff.too-large',
      /strips or tiles/,
    ],
    ['has 65,535 samples a pixel (53)', replaced(277, [65_535]), 'tiff.too-large', /65535 samples/],
    ['has samples of 0 bits (54)', replaced(258, [0]), 'tiff.corrupt', /0 bits/],
    ['has samples of 255 bits (55)', replaced(258, [255]), 'tiff.unsupported', /255 bits/],
    [
      'is compressed by something unknown (28)',
      replaced(259, [54_321]),
      'tiff.unsupported',
      /54321/,
    ],
    ['is compressed by LZMA (29)', replaced(259, [34_925]), 'tiff.unsupported', /LZMA/],
    ['is complex (39)', replaced(339, [6]), 'tiff.unsupported', /complex/],
  ] as const)('refuses an image that %s', async (_, broken, code, message) => {
    const error = await refused(tiffBytes({ pages: [broken] }));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
  });

  it('reads RowsPerStrip 0 as one strip, and warns (16)', async () => {
    const { slices, warnings } = await opened(tiffBytes({ pages: [replaced(278, [0])] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('rows-per-strip');
  });

  it('reads RowsPerStrip 2^32 − 1 (17)', async () => {
    const { slices, warnings } = await opened(tiffBytes({ pages: [replaced(278, [2 ** 32 - 1])] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toEqual([]);
  });

  it('computes strip lengths that are not given, and warns (18)', async () => {
    const { slices, warnings } = await opened(tiffBytes({ pages: [page({ byteCounts: null })] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('byte-counts');
  });

  it('shows a description that is not UTF-8 as Latin-1 (50)', async () => {
    const description = 'ImageJ=1.53\nunit=\xb5m\nspacing=0.05\n';
    const tags = imageTags({ width: 4, height: 4, description, resolution: [250, 1] });
    const { info } = await opened(tiffBytes({ pages: [page({ tags })] }));
    expect(info.voxelSize).toEqual({ x: 4, y: 4, z: 50, source: 'file' });
  });

  it('skips a tag of an unknown field type (51)', async () => {
    const tags = [...imageTags({ width: 4, height: 4 }), { tag: 300, type: 99, values: [1] }];
    const { slices, warnings } = await opened(tiffBytes({ pages: [page({ tags })] }));
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('tag-ignored');
  });

  it('reads tags that are out of order, and warns (52)', async () => {
    const tags = imageTags({ width: 4, height: 4 }).reverse();
    const { slices, warnings } = await opened(
      tiffBytes({ pages: [page({ tags, keepOrder: true })] }),
    );
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(counting);
    expect(warnings).toContain('tags-unordered');
  });

  it.each(['II', 'MM'] as const)('reads BigTIFF in byte order %s (56)', async (order) => {
    const { slices, info } = await opened(
      tiffBytes({ big: true, order, pages: [page(), page({}, 7)] }),
    );
    expect([info.depth, Array.from<number | bigint>(slices[0]!.data)]).toEqual([2, counting]);
  });

  it('reads a plain 8-bit page without a word (60)', async () => {
    const { info, slices } = await opened(tiffBytes({ pages: [page()] }));
    expect(info).toMatchObject({ width: 4, height: 4, depth: 1, type: 'uint8', warnings: [] });
    expect([Array.from<number | bigint>(slices[0]!.data), slices[0]!.bad]).toEqual([counting, []]);
  });
});
