import { describe, expect, it } from 'vitest';
import { parseImageJ } from './meta/imagej';
import { parseOme } from './meta/ome';
import { omePlanes } from './meta/ome-planes';
import { parseShape } from './meta/shape-description';
import { opened } from './testing/opened';
import { imageTags, tiffBytes } from './testing/tiff-bytes';

/** Texts that made a pattern, a list or a map cost more than its length; each of `length` characters. */
const texts: readonly (readonly [string, (length: number) => string])[] = [
  ['one name without end', (length) => `<OME><Image ${'a'.repeat(length)}/></OME>`],
  ['names without values', (length) => `<OME><Image ${'a '.repeat(length / 2)}/></OME>`],
  ['equals signs', (length) => `<OME><Image ${'='.repeat(length)}/></OME>`],
  ['names and equals signs', (length) => `<OME><Image ${'a='.repeat(length / 2)}/></OME>`],
  ['open quotes', (length) => `<OME><Image ${`a="`.repeat(length / 3)}/></OME>`],
  ['white space', (length) => `<OME><Image a=${' '.repeat(length)}/></OME>`],
  ['brackets', (length) => `<OME>${'<'.repeat(length)}`],
  ['comments that do not end', (length) => `<OME>${'<!--'.repeat(length / 4)}`],
  ['entities that are none', (length) => `<OME><Image Name="${'&#x'.repeat(length / 3)}"/></OME>`],
  ['empty tags', (length) => `<OME>${'<a/>'.repeat(length / 4)}</OME>`],
  ['images', (length) => `<OME>${'<Image/>'.repeat(length / 8)}</OME>`],
  ['texts before a tag', (length) => `<OME UUID="a">${'<UUID>'.repeat(length / 6)}</OME>`],
  ['lines', (length) => `ImageJ=1\n${'\n'.repeat(length)}`],
  ['one line', (length) => `ImageJ=1\nunit=${'\\u00'.repeat(length / 4)}`],
  ['keys without end', (length) => `ImageJ=1\n${'unit='.repeat(length / 5)}`],
  ['numbers', (length) => `{"shape": [${'1,'.repeat(length / 2)}`],
];

async function read(text: string): Promise<void> {
  await parseOme(text);
  parseImageJ(text);
  parseShape(text);
}

/** Processor time of reading a text of a length, in milliseconds; the lesser of two. */
async function cost(text: string): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 2; run += 1) {
    const before = process.cpuUsage();
    await read(text).catch(() => undefined);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  return Math.min(...times);
}

describe('a description of nothing but', () => {
  it.each(texts)(
    '%s costs time in proportion to its length',
    { timeout: 60_000 },
    async (_, make) => {
      const short = await cost(make(2 ** 16));
      const long = await cost(make(2 ** 19));
      // Eight times the length; a quadratic reader takes 64 times as long. 40 ms are noise.
      expect(long).toBeLessThan(24 * short + 40);
    },
  );
});

describe('a map of planes', () => {
  const sizes = (z: number): string => `<OME><Image><Pixels SizeZ="${z}">`;

  it('that covers every plane from every entry is followed for a while only', async () => {
    const xml = `${sizes(900_000)}${'<TiffData IFD="0" PlaneCount="900000"/>'.repeat(20_000)}`;
    const before = process.cpuUsage();
    omePlanes(await parseOme(xml), 1);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  it('of more planes than any file has tells nothing but their number', async () => {
    const { promised, directories } = omePlanes(
      await parseOme(`${sizes(2 ** 40)}<TiffData IFD="3" PlaneCount="1"/>`),
      1,
    );
    expect([promised, directories]).toEqual([2 ** 40, null]);
  });
});

it('opens a file whose OME-XML is longer than is read, and says so', async () => {
  const description = `<OME>${' '.repeat(17 * 2 ** 20)}</OME>`;
  const tags = imageTags({ width: 4, height: 4, description });
  const { info, warnings } = await opened(
    tiffBytes({ pages: [{ tags, blocks: [new Uint8Array(16)] }] }),
  );
  expect([info.depth, warnings]).toEqual([1, ['ome-ignored']]);
});
