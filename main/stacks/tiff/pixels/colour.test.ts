import { describe, expect, it } from 'vitest';
import { describeStack } from '../../describe';
import { readGrey } from '../../grey-region';
import { labelRegion, labelValueText, parseLabelValue } from '../../label-values';
import { opened, refused, withStack } from '../testing/opened';
import { imageTags, tiffBytes, type ImageTags, type TestTag } from '../testing/tiff-bytes';

const signal = new AbortController().signal;
const short = (tag: number, values: readonly number[]): TestTag => ({ tag, type: 3, values });

interface Seen {
  readonly grey: readonly number[];
  readonly opaque: readonly number[] | null;
  readonly labels: readonly string[];
  readonly warnings: readonly string[];
  readonly samples: number;
  readonly type: string;
}

/** One row of pixels as everyone sees it: the view's grey, the labels' values, the warnings. */
async function seen(
  image: ImageTags,
  tags: readonly TestTag[],
  ...blocks: Uint8Array[]
): Promise<Seen> {
  const page = { tags: [...imageTags(image), ...tags], blocks };
  return withStack(tiffBytes({ pages: [page] }), async (source) => {
    const rect = { x: 0, y: 0, width: image.width, height: 1 };
    const grey = await readGrey(source, 0, rect, 0, signal);
    const region = await source.readRegion(0, rect, 0, signal);
    const { values } = labelRegion(region, source.info.meaning);
    return {
      grey: Array.from(grey.data, Number),
      opaque: grey.opaque === null ? null : [...grey.opaque],
      labels: Array.from<number | bigint, string>(values, (value) =>
        labelValueText(Number(value), source.info),
      ),
      warnings: source.info.warnings.map(({ code }) => code),
      samples: source.info.samples,
      type: source.info.type,
    };
  });
}

/** A table of three colours for 8-bit indices, the rest black, each value multiplied as writers do. */
function table(colours: readonly (readonly [number, number, number])[], factor: number): TestTag {
  const plane = (c: 0 | 1 | 2): number[] =>
    Array.from({ length: 256 }, (_, i) => (colours[i]?.[c] ?? 0) * factor);
  return short(320, [...plane(0), ...plane(1), ...plane(2)]);
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const u16 = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);

describe('what samples mean', () => {
  it.each([1, 256, 257])(
    'reads palettes of greys as those greys (table of values × %i)',
    async (factor) => {
      const greys = [200, 7, 90].map((v): [number, number, number] => [v, v, v]);
      const one = await seen(
        { width: 4, height: 1, photometric: 3 },
        [table(greys, factor)],
        bytes(2, 0, 1, 1),
      );
      expect(one).toMatchObject({ grey: [90, 200, 7, 7], samples: 1, type: 'uint8' });
      expect(one.warnings).toEqual(['palette']);
    },
  );

  it('keeps the 16 bits of a palette that has them', async () => {
    const greys = [1000, 60_001, 3].map((v): [number, number, number] => [v, v, v]);
    const one = await seen(
      { width: 3, height: 1, photometric: 3 },
      [table(greys, 1)],
      bytes(0, 1, 2),
    );
    expect(one).toMatchObject({ grey: [1000, 60_001, 3], type: 'uint16' });
  });

  it('digests the colours of a palette, not its indices', async () => {
    const shuffled = tiffBytes({
      pages: [
        {
          tags: [
            ...imageTags({ width: 3, height: 1, photometric: 3 }),
            table(
              [
                [9, 9, 9],
                [4, 4, 4],
                [250, 250, 250],
              ],
              257,
            ),
          ],
          blocks: [bytes(2, 1, 0)],
        },
      ],
    });
    const plain = tiffBytes({
      pages: [{ tags: imageTags({ width: 3, height: 1 }), blocks: [bytes(250, 4, 9)] }],
    });
    const digest = (file: Uint8Array) =>
      withStack(
        file,
        async (source) => (await describeStack(source, { digest: true, signal })).pages,
      );
    expect(await digest(shuffled)).toEqual(await digest(plain));
  });

  it('names the labels of a colour palette by colour', async () => {
    const colours = table(
      [
        [0, 0, 0],
        [255, 0, 0],
        [255, 255, 255],
      ],
      256,
    );
    const one = await seen({ width: 3, height: 1, photometric: 3 }, [colours], bytes(1, 0, 2));
    expect(one.labels).toEqual(['#ff0000', '#000000', '#ffffff']);
    expect(one.samples).toBe(3);
  });

  it.each([1, 2])(
    'turns greys of WhiteIsZero around, and their alpha not (planar %i)',
    async (planar) => {
      const grey = [0, 200, 255];
      const alpha = [255, 0, 9];
      const tags = [
        ...imageTags({ width: 3, height: 1, samples: 2, photometric: 0, planar }),
        short(338, [2]),
      ];
      const mixed = bytes(...grey.flatMap((value, at) => [value, alpha[at] ?? 0]));
      const blocks = planar === 1 ? [mixed] : [bytes(...grey), bytes(...alpha)];
      const { slices } = await opened(tiffBytes({ pages: [{ tags, blocks }] }));
      expect(Array.from(slices[0]!.data, Number)).toEqual([255, 255, 55, 0, 0, 9]);
    },
  );

  it('reads a palette of one bit', async () => {
    const map = short(320, [65_535, 0, 65_535, 0, 65_535, 0]);
    const one = await seen(
      { width: 4, height: 1, bits: 1, photometric: 3 },
      [map],
      bytes(0b01010000),
    );
    expect(one.grey).toEqual([255, 0, 255, 0]);
  });

  it('turns inks into what they print', async () => {
    const inks = bytes(0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 55, 0, 255, 255, 0);
    const one = await seen({ width: 4, height: 1, samples: 4, photometric: 5 }, [], inks);
    expect(one.grey).toEqual([255, 0, 200, 76]);
    expect(one.warnings).toEqual(['cmyk']);
    expect(one.labels[3]).toBe('#ff0000');
  });

  it.each([
    ['8', [100 * 2.55, 0, 0, 0, 0, 0, 53.585 * 2.55, 0, 0]],
    ['9', [255, 128, 128, 0, 128, 128, 137, 128, 128]],
  ])('turns L*a*b* (%s) into its greys', async (photometric, lab) => {
    const image = { width: 3, height: 1, samples: 3, photometric: Number(photometric) };
    const { grey, warnings } = await seen(image, [], Uint8Array.from(lab, Math.round));
    expect(grey[0]).toBe(255);
    expect(grey[1]).toBe(0);
    // L* 53.6 is the middle of sRGB.
    expect(Math.abs((grey[2] ?? 0) - 128)).toBeLessThanOrEqual(1);
    expect(warnings).toEqual(['lab']);
  });

  it('says of planes that are called red, green and blue that they may be slices', async () => {
    const image = { width: 1, height: 1, samples: 3, photometric: 2 };
    const planes = await seen({ ...image, planar: 2 }, [], bytes(90), bytes(90), bytes(90));
    expect(planes).toMatchObject({ grey: [90], warnings: ['colour-planes'] });
    const mixed = await seen(image, [], bytes(90, 90, 90));
    expect(mixed).toMatchObject({ grey: [90], warnings: [] });
  });

  it('takes alpha for what is there, not for a grey value', async () => {
    const image = { width: 3, height: 1, samples: 2 };
    const one = await seen(image, [short(338, [2])], bytes(70, 255, 80, 0, 90, 128));
    expect(one).toMatchObject({ grey: [70, 80, 90], opaque: [1, 0, 1], warnings: ['alpha'] });
    const gone = await seen(image, [short(338, [2])], bytes(70, 255, 80, 255, 90, 255));
    expect(gone.opaque).toBeNull();
  });

  it('divides by an alpha that greys were multiplied with', async () => {
    const eight = { width: 3, height: 1, samples: 2 };
    expect((await seen(eight, [short(338, [1])], bytes(35, 128, 80, 255, 0, 0))).grey).toEqual([
      70, 80, 0,
    ]);
    const sixteen = { width: 2, height: 1, samples: 2, bits: 16 };
    const one = await seen(sixteen, [short(338, [1])], u16(1000, 32_768, 5, 65_535));
    expect(one.grey).toEqual([2000, 5]);
  });

  it('looks at the first of several detectors and says so', async () => {
    const one = await seen({ width: 2, height: 1, samples: 3 }, [], bytes(10, 90, 200, 30, 40, 50));
    expect(one).toMatchObject({ grey: [10, 30], warnings: ['channels'] });
  });

  it('says when values were turned around', async () => {
    const one = await seen({ width: 2, height: 1, photometric: 0 }, [], bytes(255, 10));
    expect(one).toMatchObject({ grey: [0, 245], warnings: ['white-is-zero'] });
    const page = {
      tags: imageTags({ width: 1, height: 1, bits: 32, format: 3, photometric: 0 }),
      blocks: [new Uint8Array(Float32Array.of(7).buffer)],
    };
    const float = await opened(tiffBytes({ pages: [page] }));
    expect(Number(float.slices[0]?.data[0])).toBe(7);
    expect(float.info.warnings[0]?.message).toContain('not turned around');
  });

  it('refuses samples that are no picture', async () => {
    const page = {
      tags: imageTags({ width: 2, height: 1, photometric: 32_803 }),
      blocks: [bytes(1, 2)],
    };
    expect((await refused(tiffBytes({ pages: [page] }))).message).toContain('colour filter array');
  });
});

describe('label values', () => {
  it('keep colours apart from numbers', async () => {
    const rgb = bytes(255, 0, 0, 0, 0, 255, 255, 255, 255, 7, 7, 7);
    const one = await seen({ width: 4, height: 1, samples: 3, photometric: 2 }, [], rgb);
    expect(one.labels).toEqual(['#ff0000', '#0000ff', '#ffffff', '#070707']);
    expect(parseLabelValue('#ffffff')).toBe(255);
    expect(new Set(['#0000ff', '#ffffff', 'red', '255'].map(parseLabelValue)).size).toBe(3);
    expect(parseLabelValue('red')).toBe(parseLabelValue('#FF0000'));
    expect(parseLabelValue('rot')).toBeNaN();
  });

  it('keep ids that single precision would mix up', async () => {
    const ids = new Uint8Array(Uint32Array.from([16_777_216, 16_777_217, 4_294_967_295]).buffer);
    const one = await seen({ width: 3, height: 1, bits: 32 }, [], ids);
    expect(one.labels).toEqual(['16777216', '16777217', '4294967295']);
  });
});
