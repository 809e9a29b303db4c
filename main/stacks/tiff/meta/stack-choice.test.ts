import { describe, expect, it } from 'vitest';
import { opened, refused, withStack, wholeSlice } from '../testing/opened';
import {
  imageTags,
  tiffBytes,
  type ImageTags,
  type TestPage,
  type TestTag,
} from '../testing/tiff-bytes';

/** A grey page filled with one value. */
function page(
  value: number,
  image: Partial<ImageTags> = {},
  more: readonly TestTag[] = [],
): TestPage {
  const size = { width: 8, height: 8, ...image };
  const pixels = new Uint8Array(size.width * size.height * (size.samples ?? 1)).fill(value);
  return { tags: [...imageTags(size), ...more], blocks: [pixels] };
}

const subfile = (value: number): TestTag => ({ tag: 254, type: 4, values: [value] });
const ome = (pixels: string, inside = '', after = ''): string =>
  `<?xml version="1.0"?><OME><Image Name="raw"><Pixels ${pixels}>${inside}</Pixels></Image>${after}</OME>`;

/** First value of each slice (null where it can't be read), and what is warned of. */
async function shown(pages: readonly TestPage[], tail?: Uint8Array) {
  const bytes = tiffBytes(tail === undefined ? { pages } : { pages, tail });
  const { slices, warnings, info } = await opened(bytes, 20);
  const values = slices.map(({ bad, data }) => (bad.length > 0 ? null : Number(data[0])));
  return { values, warnings, info };
}

describe('what is no slice', () => {
  const small = { width: 4, height: 4 };
  it.each([
    ['says so and comes first', [page(9, small, [subfile(1)]), page(1), page(2)], [1, 2], []],
    ['says so and lies between', [page(1), page(9, small, [subfile(1)]), page(2)], [1, 2], []],
    [
      'says so the old way',
      [page(9, small, [{ tag: 255, type: 3, values: [2] }]), page(1)],
      [1],
      [],
    ],
    ['is a mask', [page(1), page(9, {}, [subfile(4)])], [1], []],
    ['is small and comes first', [page(9, small), page(1)], [1], ['mixed-pages']],
    ['is small and there are two', [page(1), page(9, small), page(8, small)], [1], ['mixed-pages']],
    [
      'is one large overview',
      [page(9, { width: 16, height: 16 }), ...[1, 2, 3].map((value) => page(value))],
      [1, 2, 3],
      ['mixed-pages'],
    ],
    [
      'has the size of the stack',
      [page(1), page(2), page(9, {}, [subfile(1)])],
      [1, 2],
      ['previews-left-out'],
    ],
  ] as const)('a preview that %s', async (_, pages, values, warnings) => {
    const answer = await shown(pages);
    expect([answer.values, answer.warnings]).toEqual([values, warnings]);
  });

  it('is no page whose damaged size outweighs all others', async () => {
    const good = [1, 2, 3].map((value) => page(value));
    const tags = imageTags({ width: 8, height: 2 ** 31 - 1, rowsPerStrip: 8 });
    const answer = await shown([good[0]!, { ...good[1]!, tags }, good[2]!]);
    expect([answer.values, answer.warnings]).toEqual([[1, 3], ['mixed-pages']]);
  });

  it('shows previews where there is nothing else, and says so', async () => {
    const answer = await shown([page(1, {}, [subfile(1)]), page(2, {}, [subfile(1)])]);
    expect([answer.values, answer.warnings]).toEqual([[1, 2], ['reduced-only']]);
  });

  it('leaves out directories that hang from another as SubIFDs, in the list or in a ring', async () => {
    const first = tiffBytes({ pages: [page(1), page(2), page(3)] });
    // Where the second page's directory is: the next-pointer of the first one.
    const parse = (bytes: Buffer, at: number): number =>
      bytes.readUInt32LE(at + 2 + bytes.readUInt16LE(at) * 12);
    const start = first.readUInt32LE(4) + 12;
    const second = parse(first, first.readUInt32LE(4)) + 12;
    for (const offsets of [[second], [second, start, second]]) {
      const extra = offsets.length > 1 ? 12 : 0;
      const places = offsets.map((offset) => offset + extra);
      const pages = [page(1, {}, [{ tag: 330, type: 4, values: places }]), page(2), page(3)];
      const answer = await shown(pages);
      expect([answer.values, answer.warnings]).toEqual([[1, 3], ['sub-directories']]);
    }
  });
});

describe('a description that contradicts the pages', () => {
  const described = (
    description: string,
    count: number,
    image: Partial<ImageTags> = {},
  ): TestPage[] =>
    Array.from({ length: count }, (_, z) =>
      page(z + 1, z === 0 ? { ...image, description } : image),
    );

  it.each([
    [
      'ImageJ counts that a stopped run left',
      'ImageJ=1.53t\nimages=5\nslices=5\n',
      ['planes-missing'],
    ],
    ['ImageJ counts below the pages', 'ImageJ=1.53t\nimages=2\nslices=2\n', ['planes-more']],
    [
      'ImageJ axes that give another number',
      'ImageJ=1.53t\nimages=3\nslices=7\n',
      ['description-contradicts'],
    ],
    ['an array of other pages', '{"shape": [3, 9, 9]}', ['description-contradicts']],
    ['an array that a stopped run left', '{"shape": [5, 8, 8]}', ['planes-missing']],
    ['OME pixels of another type', ome('Type="uint16" SizeZ="3"'), ['description-contradicts']],
    ['OME sizes of other pages', ome('SizeX="9" SizeY="8" SizeZ="3"'), ['description-contradicts']],
    [
      'OME planes that a stopped run left',
      ome('SizeX="8" SizeY="8" SizeZ="5"'),
      ['planes-missing'],
    ],
    ['fewer OME planes than pages', ome('SizeX="8" SizeY="8" SizeZ="2"'), ['planes-more']],
    [
      'OME planes beyond any file',
      ome('SizeX="8" SizeY="8" SizeZ="9007199254740991"'),
      ['planes-missing'],
    ],
    ['what is so', ome('SizeX="8" SizeY="8" SizeZ="3" Type="uint8"'), []],
    ['an array as it is', '{"shape": [3, 8, 8], "truncated": false}', []],
  ])('%s', async (_, description, warnings) => {
    const answer = await shown(described(description, 3));
    expect([answer.values, answer.warnings]).toEqual([[1, 2, 3], warnings]);
  });

  it('takes neither its own directory nor what lies behind it for planes', async () => {
    const [only] = described('ImageJ=1.53t\nimages=9\n', 1);
    const answer = await shown([only!], new Uint8Array(100));
    expect([answer.info.depth, answer.warnings]).toEqual([1, ['planes-missing']]);
  });

  it('takes no bytes behind a colour picture for slices', async () => {
    const colour = page(1, { samples: 3, description: '{"shape": [8, 8, 3]}', photometric: 2 });
    const answer = await shown([colour], new Uint8Array(4096));
    expect([answer.values, answer.warnings]).toEqual([[1], []]);
  });

  it('says that compressed planes which one directory promises are not there', async () => {
    const tags = imageTags({
      width: 8,
      height: 8,
      compression: 32773,
      description: 'ImageJ=1\nimages=4\n',
    });
    const packed = Uint8Array.from([193, 7]);
    const answer = await shown([{ tags, blocks: [packed] }]);
    expect([answer.info.depth, answer.warnings]).toEqual([1, ['planes-missing']]);
  });
});

describe('an OME map of planes', () => {
  const map = (...directories: readonly (number | null)[]): string =>
    directories
      .map((ifd, z) =>
        ifd === null ? '' : `<TiffData FirstZ="${z}" IFD="${ifd}" PlaneCount="1"/>`,
      )
      .join('');
  const sizes = 'SizeX="8" SizeY="8"';
  const pages = (description: string): TestPage[] =>
    [1, 2, 3, 4].map((value) => page(value, value === 1 ? { description } : {}));

  it('of the first image alone is the stack, whatever the others weigh', async () => {
    const other = `<Image Name="labels"><Pixels SizeX="8" SizeY="8" SizeZ="3">${map(1, 2, 3)}</Pixels></Image>`;
    const { values, info } = await shown(pages(ome(`${sizes} SizeZ="1"`, map(0), other)));
    expect(values).toEqual([1]);
    expect(info.warnings).toMatchObject([
      { code: 'ome-series', message: expect.stringContaining('"labels" (8 × 8)') as string },
    ]);
  });

  it.each([
    ['a preview before it', 4, 'largest'],
    ['a smaller image behind it', 8, 'first'],
  ])('is that of the picture, with %s', async (_, first, place) => {
    const small = { width: 4, height: 4 };
    const size = (edge: number, depth: number): string =>
      `SizeX="${edge}" SizeY="${edge}" SizeZ="${depth}"`;
    const [mapA, mapB] = first === 4 ? [map(0), map(1, 2)] : [map(0, 1), map(2)];
    const description = ome(
      size(first, first === 4 ? 1 : 2),
      mapA,
      `<Image Name="b"><Pixels ${size(12 - first, first === 4 ? 2 : 1)}>${mapB}</Pixels></Image>`,
    );
    const { values, warnings, info } = await shown(
      first === 4
        ? [page(9, { ...small, description }), page(1), page(2)]
        : [page(1, { description }), page(2), page(9, small)],
    );
    expect([values, info.width]).toEqual([[1, 2], 8]);
    expect(warnings).not.toContain('description-contradicts');
    const told = info.warnings.find(({ code }) => code === 'ome-series')?.message;
    expect(told).toContain(`the ${place} (`);
  });

  it('keeps the place of a plane that no directory is named for', async () => {
    const answer = await shown(pages(ome(`${sizes} SizeZ="5"`, map(3, null, 1, 0, 2))));
    expect([answer.values, answer.warnings]).toEqual([[4, null, 2, 1, 3], ['planes-missing']]);
    await withStack(
      tiffBytes({ pages: pages(ome(`${sizes} SizeZ="3"`, map(1, null, 0))) }),
      async (source) => {
        const region = await wholeSlice(source, 1);
        expect(region.bad).toMatchObject([{ state: 'missing', width: 8, height: 8 }]);
      },
    );
  });

  it('that a stopped run left ends where its pages do', async () => {
    const answer = await shown(pages(ome(`${sizes} SizeZ="6"`, map(0, 1, 2, 3, 4, 5))));
    expect([answer.values, answer.warnings]).toEqual([[1, 2, 3, 4], ['planes-missing']]);
  });

  it('that names one directory twice, or pages of another size, says so', async () => {
    const twice = '<TiffData IFD="0" PlaneCount="2"/><TiffData IFD="2" PlaneCount="1"/>';
    const answer = await shown(pages(ome(`${sizes} SizeZ="2"`, twice)));
    expect(answer.warnings).toContain('ome-contradicts');
    const odd = [...pages(ome(`${sizes} SizeZ="2"`, map(0, 4))), page(9, { width: 4 })];
    expect((await shown(odd)).warnings).toContain('description-contradicts');
  });
});

describe('tags that contradict themselves', () => {
  it.each([
    ['given twice', [{ tag: 256, type: 4, values: [4] }], 'tag-repeated'],
    ['without a value', [{ tag: 339, type: 3, values: [1], count: 0 }], 'tag-ignored'],
  ])('are warned of when %s', async (_, more, code) => {
    expect((await shown([page(1, {}, more)])).warnings).toContain(code);
  });

  it('are warned of when counts are too small or too large', async () => {
    const tags = imageTags({ width: 8, height: 8, rowsPerStrip: 4, compression: 32773 });
    const strip = Uint8Array.from([225, 7]);
    const few = { tags, blocks: [strip, strip], byteCounts: [2] };
    expect((await shown([few])).warnings).toEqual(['byte-counts']);
    const many = { tags, blocks: [strip, strip, strip] };
    expect((await shown([many])).warnings).toEqual(['blocks-too-many']);
    const bits = page(1, { samples: 3, bits: null }, [{ tag: 258, type: 3, values: [8] }]);
    expect((await shown([bits])).warnings).toEqual(['count-too-small', 'channels']);
  });

  it('are refused when a value that decides is not in the file', async () => {
    const bits: TestTag = { tag: 258, type: 3, values: [8, 8, 8], at: 2 ** 30 };
    const error = await refused(
      tiffBytes({ pages: [page(1, { samples: 3, bits: null }, [bits])] }),
    );
    expect([error.code, error.message]).toEqual(['tiff.corrupt', expect.stringContaining('258')]);
  });

  it.each([
    ['samples a pixel', 277, 12, [1e-45]],
    ['rows a strip', 278, 12, [2.5]],
    ['bits', 258, 9, [2 ** 32 - 8]],
    ['width', 256, 12, [Number.NaN]],
  ])('are refused when they are no whole numbers (%s)', async (_, tag, type, values) => {
    const tags = imageTags({ width: 8, height: 8 }).filter((own) => own.tag !== tag);
    const odd = { tags: [...tags, { tag, type, values }], blocks: [new Uint8Array(64)] };
    expect(await refused(tiffBytes({ pages: [odd] }))).toMatchObject({ code: 'tiff.corrupt' });
  });

  it('are refused when a page holds several slices', async () => {
    const deep = page(1, {}, [{ tag: 32997, type: 4, values: [4] }]);
    expect(await refused(tiffBytes({ pages: [deep] }))).toMatchObject({ code: 'tiff.unsupported' });
  });
});
