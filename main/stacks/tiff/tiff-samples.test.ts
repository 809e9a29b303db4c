import { describe, expect, it } from 'vitest';
import { encodeDeflate, packBits } from './testing/encoders';
import { opened, withStack } from './testing/opened';
import { imageTags, tiffBytes, type ImageTags } from './testing/tiff-bytes';
import { sliceStatistics } from '../statistics';

const signal = new AbortController().signal;

function bytesOf(values: ArrayBufferView, swap: 0 | 2 | 4 | 8 = 0): Uint8Array {
  const bytes = Buffer.from(
    new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength),
  );
  if (swap === 2) bytes.swap16();
  if (swap === 4) bytes.swap32();
  if (swap === 8) bytes.swap64();
  return bytes;
}

async function read(
  image: ImageTags,
  blocks: readonly Uint8Array[],
  order: 'II' | 'MM' = 'II',
): ReturnType<typeof opened> {
  return opened(tiffBytes({ order, pages: [{ tags: imageTags(image), blocks }] }));
}

describe('samples of every kind', { timeout: 5000 }, () => {
  it.each([2, 3, 4, 6, 9, 10, 12, 14, 24, 31])(
    'reads packed samples of %i bits (33)',
    async (bits) => {
      const values = Array.from({ length: 21 }, (_, at) => (at * 2_654_435_761) % 2 ** bits);
      const { info, slices } = await read({ width: 7, height: 3, bits }, [
        packBits(values, bits, 7),
      ]);
      expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(values);
      expect(info.type).toBe(bits <= 8 ? 'uint8' : bits <= 16 ? 'uint16' : 'uint32');
    },
  );

  it('reads bilevel pages as 0 and 255, BitsPerSample left out (19)', async () => {
    const { slices } = await read({ width: 4, height: 2, bits: null }, [
      Uint8Array.from([0b10100000, 0b01010000]),
    ]);
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual([255, 0, 255, 0, 0, 255, 0, 255]);
  });

  it('inverts bilevel and 8-bit WhiteIsZero (34)', async () => {
    const one = await read({ width: 4, height: 1, bits: 1, photometric: 0 }, [
      Uint8Array.from([0b10100000]),
    ]);
    expect(Array.from<number | bigint>(one.slices[0]!.data)).toEqual([0, 255, 0, 255]);
    const eight = await read({ width: 3, height: 1, photometric: 0 }, [
      Uint8Array.from([0, 1, 255]),
    ]);
    expect(Array.from<number | bigint>(eight.slices[0]!.data)).toEqual([255, 254, 0]);
  });

  it.each(['II', 'MM'] as const)('reads 64-bit integers (35, %s)', async (order) => {
    const values = BigUint64Array.from([0n, 1n, 2n ** 64n - 1n]);
    const { info, slices } = await read(
      { width: 3, height: 1, bits: 64 },
      [bytesOf(values, order === 'MM' ? 8 : 0)],
      order,
    );
    expect([info.type, slices[0]!.data]).toEqual(['uint64', values]);
  });

  it('reads signed bytes (36)', async () => {
    const values = Int8Array.from([-128, -1, 0, 127]);
    const { info, slices } = await read({ width: 4, height: 1, format: 2 }, [bytesOf(values)]);
    expect([info.type, slices[0]!.data]).toEqual(['int8', values]);
  });

  it('reads half floats, subnormal, infinite and not-a-number ones too (37)', async () => {
    const halves = Uint16Array.from([0x3c00, 0xc000, 0x0001, 0x7c00, 0x7e00, 0x3555]);
    const { info, slices } = await read({ width: 6, height: 1, bits: 16, format: 3 }, [
      bytesOf(halves),
    ]);
    expect(info.type).toBe('float16');
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual([
      1,
      -2,
      2 ** -24,
      Infinity,
      NaN,
      0.333251953125,
    ]);
  });

  it('reads NaN and infinities as they are and keeps them out of the statistics (38)', async () => {
    const values = Float32Array.from([1, 3, NaN, Infinity, -Infinity, 2]);
    const bytes = tiffBytes({
      pages: [
        {
          tags: imageTags({ width: 6, height: 1, bits: 32, format: 3 }),
          blocks: [bytesOf(values)],
        },
      ],
    });
    await withStack(bytes, async (source) => {
      const rect = { x: 0, y: 0, width: 6, height: 1 };
      expect((await source.readRegion(0, rect, 0, signal)).data).toEqual(values);
      expect(await sliceStatistics(source, 0, signal)).toMatchObject({ min: 1, max: 3, mean: 2 });
    });
  });

  it('reads planar RGB as three interleaved samples (40)', async () => {
    const blocks = [
      [1, 2],
      [3, 4],
      [5, 6],
    ].map((plane) => Uint8Array.from(plane));
    const { info, slices } = await read(
      { width: 2, height: 1, samples: 3, planar: 2, photometric: 2 },
      blocks,
    );
    expect([info.samples, info.axes, Array.from<number | bigint>(slices[0]!.data)]).toEqual([
      3,
      'YXS',
      [1, 3, 5, 2, 4, 6],
    ]);
  });

  it.each(['MM', 'II'] as const)('reads 600 strips of 16 bits (41, 42: %s)', async (order) => {
    const values = Uint16Array.from({ length: 1800 }, (_, at) => at * 36);
    const blocks = Array.from({ length: 600 }, (_, row) =>
      bytesOf(values.slice(row * 3, row * 3 + 3), order === 'MM' ? 2 : 0),
    );
    const { slices } = await read(
      { width: 3, height: 600, bits: 16, rowsPerStrip: 1 },
      blocks,
      order,
    );
    expect(slices[0]!.data).toEqual(values);
  });
});

describe('predictors', () => {
  it.each(['II', 'MM'] as const)('undoes differences of 16 bits (45, %s)', async (order) => {
    const values = [5, 65_000, 3, 40_000, 40_001, 39_000];
    const differences = Uint16Array.from(
      values.map((value, at) => value - (at % 3 === 0 ? 0 : values[at - 1]!)),
    );
    const blocks = [encodeDeflate(bytesOf(differences, order === 'MM' ? 2 : 0))];
    const image = { width: 3, height: 2, bits: 16, compression: 8, predictor: 2 };
    const { slices } = await read(image, blocks, order);
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(values);
  });

  it.each([
    [1, 8, Uint8Array.from([9, 250, 3, 4, 6, 7])],
    [1, 32, Uint32Array.from([9, 4e9, 3, 4, 6, 7])],
    [1, 64, BigUint64Array.from([9n, 2n ** 63n, 3n, 4n, 6n, 7n])],
    [3, 8, Uint8Array.from([1, 2, 3, 200, 100, 50])],
  ])('undoes differences of %i sample(s) of %i bits', async (samples, bits, values) => {
    const rowLength = values.length / (samples === 3 ? 1 : 2);
    const differences = values.slice();
    for (let at = values.length - 1; at >= 0; at -= 1)
      if (at % rowLength >= samples) {
        const [value, before] = [values[at]!, values[at - samples]!];
        differences[at] =
          typeof value === 'bigint' ? value - BigInt(before) : value - Number(before);
      }
    const image = {
      width: rowLength / samples,
      height: values.length / rowLength,
      bits,
      samples,
      compression: 8,
      predictor: 2,
      photometric: samples === 3 ? 2 : 1,
    };
    const { slices } = await read(image, [encodeDeflate(bytesOf(differences))]);
    expect(Array.from<number | bigint>(slices[0]!.data)).toEqual(
      Array.from<number | bigint>(values),
    );
  });
});

describe('ImageJ stacks with one directory', () => {
  const planes = Uint8Array.from({ length: 160 }, (_, at) => Math.floor(at / 16) * 10);
  const stack = (images: number): Uint8Array => {
    const description = `ImageJ=1.54f\nimages=${images}\nslices=${images}\nunit=nm\nspacing=50.0\n`;
    const tags = imageTags({ width: 4, height: 4, description, resolution: [1, 4] });
    const page = { tags, offsets: [0], byteCounts: [16] };
    const at = tiffBytes({ pages: [page] }).length;
    return tiffBytes({ pages: [{ ...page, offsets: [at] }], tail: planes });
  };

  it('shows all ten planes (43)', async () => {
    const { info, slices, warnings } = await opened(stack(10), 10);
    expect([info.depth, info.axes, warnings]).toEqual([10, 'ZYX', []]);
    expect(slices.map(({ data }) => data[15])).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
    expect(info.voxelSize).toEqual({ x: 4, y: 4, z: 50, source: 'file' });
  });

  it('shows the planes that fit when a million are promised, and warns (44)', async () => {
    const { info, warnings } = await opened(stack(1_000_000));
    expect([info.depth, warnings]).toEqual([10, ['planes-missing']]);
  });
});
