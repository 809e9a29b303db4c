import { cp, mkdir, mkdtemp, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorReport } from '#contract/errors';
import { sameFingerprint, stackFingerprint } from '../fingerprint';
import { isStill, openStack, sourceReference } from '../open-stack';
import type { StackSource } from '../stack-source';
import { colourJpeg, greyJpeg, greyPng, greyTiff, pngBytes } from './testing/pictures';

const signal = new AbortController().signal;
const [width, height] = [50, 40];
const whole = { x: 0, y: 0, width, height };
const value = (z: number) => (x: number, y: number) => (x * 3 + y * 5 + z * 41) & 255;
let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'membrana-slices-')), 'series');
  await mkdir(folder);
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const kinds = [
  ['png', greyPng],
  ['tif', greyTiff],
] as const;

async function write(
  kind: (typeof kinds)[number],
  numbers: readonly number[] = [8, 9, 10],
): Promise<void> {
  for (const [z, number] of numbers.entries())
    await writeFile(join(folder, `slice_${number}.${kind[0]}`), kind[1](width, height, value(z)));
}

async function withStack<T>(work: (source: StackSource) => Promise<T>): Promise<T> {
  const source = await openStack(folder, { signal });
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

const refused = async (): Promise<[string, string]> => {
  const { code, message } = toErrorReport(
    await withStack(() => Promise.resolve(null)).catch((error: unknown) => error),
  );
  return [code, message];
};

async function slice(source: StackSource, z: number): Promise<number[]> {
  const { data, bad } = await source.readRegion(z, whole, 0, signal);
  expect(bad).toEqual([]);
  return Array.from(data, Number);
}
const wanted = (z: number): number[] =>
  Array.from({ length: width * height }, (_, at) => value(z)(at % width, Math.floor(at / width)));

describe.each(kinds)('a folder of %s slices', (...kind) => {
  it('is a stack in the order of the numbers', async () => {
    await write(kind);
    await writeFile(join(folder, 'Thumbs.db'), 'x');
    await writeFile(join(folder, '.DS_Store'), 'x');
    await withStack(async (source) => {
      expect(source.info).toMatchObject({
        width,
        height,
        depth: 3,
        type: 'uint8',
        axes: 'ZYX',
        warnings: [],
      });
      for (const z of [0, 1, 2]) expect(await slice(source, z)).toEqual(wanted(z));
      const part = await source.readRegion(2, { x: 40, y: -3, width: 30, height: 6 }, 0, signal);
      expect([part.width, part.height, part.data[0]]).toEqual([10, 3, value(2)(40, 0)]);
      const half = await source.readRegion(1, { x: 0, y: 0, width: 25, height: 20 }, 1, signal);
      expect([half.width, half.height]).toEqual([25, 20]);
      expect(await source.pageState(1, true, signal)).toMatchObject({ state: 'ok', bad: [] });
    });
  });

  it('goes on without a slice that vanishes or is written anew, and says which it is', async () => {
    await write(kind);
    await withStack(async (source) => {
      await slice(source, 0);
      await rm(join(folder, `slice_9.${kind[0]}`));
      const gone = await source.readRegion(1, whole, 0, signal);
      expect(gone.bad).toMatchObject([
        { ...whole, state: 'missing', reason: expect.stringContaining('slice_9') as string },
      ]);
      await writeFile(join(folder, `slice_10.${kind[0]}`), kind[1](width, height, value(7)));
      const other = await source.readRegion(2, whole, 0, signal);
      expect(other.bad[0]?.reason).toMatch(/slice_10.*(written to|replaced|another size)/);
      expect(await slice(source, 0)).toEqual(wanted(0));
    });
  });

  it('says that it is gone when the whole folder is', async () => {
    await write(kind);
    await withStack(async (source) => {
      await slice(source, 0);
      await rename(folder, `${folder}-2`);
      await expect(source.readRegion(1, whole, 0, signal)).rejects.toMatchObject({
        code: 'file.changed',
      });
      await rename(`${folder}-2`, folder);
      expect(await slice(source, 1)).toEqual(wanted(1));
    });
  });

  it('opens with a damaged slice, which is named', async () => {
    await write(kind);
    await truncate(join(folder, `slice_9.${kind[0]}`), 6);
    await withStack(async (source) => {
      expect(source.info.depth).toBe(3);
      expect(source.info.warnings).toMatchObject([{ code: 'slice-unreadable', page: 1 }]);
      expect((await source.readRegion(1, whole, 0, signal)).bad).toHaveLength(1);
      expect(await slice(source, 2)).toEqual(wanted(2));
    });
  });

  it('is refused where slices differ in size or type, by name', async () => {
    await write(kind, [1, 2, 3, 4]);
    await writeFile(join(folder, `slice_3.${kind[0]}`), kind[1](width, height - 1, value(0)));
    const [code, message] = await refused();
    expect(code).toBe('stack.slices-differ');
    expect(message).toMatch(
      /3 of them are 50 × 40, uint8, but not slice_3\.\w+ \(50 × 39, uint8\)/,
    );
  });
});

it('shows nothing of a slice whose size is found out only when it is read', async () => {
  await write(kinds[0]);
  const [wide, high] = [height, width];
  const palette = Array.from({ length: 768 }, (_, at) => Math.floor(at / 3));
  const row = (y: number): number[] => new Array<number>(wide).fill(y);
  const odd = pngBytes({ width: wide, height: high, bits: 8, colour: 3, row, palette });
  // The palette comes after more text than a glance at the file takes in.
  const text = Buffer.alloc(2 * 2 ** 20 + 12);
  text.writeUInt32BE(text.length - 12);
  text.write('tEXt', 4, 'latin1');
  const [header, rest] = [odd.subarray(0, 33), odd.subarray(33)];
  await writeFile(join(folder, 'slice_11.png'), Buffer.concat([header, text, rest]));
  await withStack(async (source) => {
    const { data, bad } = await source.readRegion(3, whole, 0, signal);
    expect(bad).toMatchObject([
      {
        ...whole,
        reason: 'slice_11.png is 40 × 50, uint8, and the other slices are 50 × 40, uint8.',
      },
    ]);
    expect(data.every((one) => Number(one) === 0)).toBe(true);
  });
});

it('reads more TIFF slices at once than stay open, and all of them again', async () => {
  const numbers = Array.from({ length: 150 }, (_, z) => z);
  await write(kinds[1], numbers);
  await withStack(async (source) => {
    for (let turn = 0; turn < 2; turn += 1)
      await Promise.all(
        numbers.map(async (z) => {
          expect(await slice(source, z)).toEqual(wanted(z));
        }),
      );
  });
});

describe('a folder of slices is known again', () => {
  it('moved, copied and with other times, but not with another pixel, slice or name', async () => {
    await write(kinds[0]);
    const first = await stackFingerprint(folder);
    const reference = await sourceReference(folder);
    const copy = `${folder} copy`;
    await cp(folder, copy, { recursive: true });
    await utimes(join(copy, 'slice_8.png'), 1000, 1000);
    expect(sameFingerprint(first, await stackFingerprint(copy))).toBe(true);
    expect(await isStill({ ...reference, path: copy })).toBe(true);
    await rename(join(copy, 'slice_8.png'), join(copy, 'slice_7.png'));
    expect(sameFingerprint(first, await stackFingerprint(copy))).toBe(false);
    expect(await isStill({ ...reference, path: copy })).toBe(false);
    await rename(join(copy, 'slice_7.png'), join(copy, 'slice_8.png'));
    await writeFile(
      join(copy, 'slice_9.png'),
      greyPng(width, height, (x, y) => value(1)(x, y) ^ (x + y === 0 ? 1 : 0)),
    );
    expect(await isStill({ ...reference, path: copy })).toBe(false);
    await cp(join(folder, 'slice_9.png'), join(copy, 'slice_9.png'));
    expect(await isStill({ ...reference, path: copy })).toBe(true);
    await cp(join(folder, 'slice_9.png'), join(copy, 'slice_11.png'));
    expect(await isStill({ ...reference, path: copy })).toBe(false);
  });

  it('by whoever opens it in another process', async () => {
    await write(kinds[1]);
    const { identity } = await sourceReference(folder);
    await (await openStack(folder, { signal, expected: identity })).close();
    await writeFile(join(folder, 'slice_8.tif'), greyTiff(width, height, value(9)));
    await expect(openStack(folder, { signal, expected: identity })).rejects.toMatchObject({
      code: 'file.changed',
    });
  });
});

describe('JPEG slices', () => {
  it('are read in grey and in colour', async () => {
    for (const z of [1, 2]) await writeFile(join(folder, `${z}.jpg`), greyJpeg);
    await withStack(async (source) => {
      const { data } = await source.readRegion(0, { x: 0, y: 0, width: 24, height: 16 }, 0, signal);
      for (const x of [1, 8, 20])
        expect(Math.abs(Number(data[5 * 24 + x]) - x * 10)).toBeLessThan(4);
    });
    for (const z of [1, 2]) await writeFile(join(folder, `${z}.jpg`), colourJpeg);
    await withStack(async (source) => {
      expect(source.info).toMatchObject({ samples: 3, meaning: { kind: 'colour' }, axes: 'ZYXS' });
      const { data } = await source.readRegion(1, { x: 0, y: 0, width: 24, height: 16 }, 0, signal);
      [200, 40, 40].forEach((shade, i) =>
        expect(Math.abs(Number(data[i]) - shade)).toBeLessThan(8),
      );
    });
  });

  it('that end early are damaged as a whole', async () => {
    await writeFile(join(folder, '1.jpg'), greyJpeg);
    await writeFile(join(folder, '2.jpg'), greyJpeg.subarray(0, 360));
    await withStack(async (source) => {
      const { bad } = await source.readRegion(1, { x: 0, y: 0, width: 24, height: 16 }, 0, signal);
      expect(bad).toMatchObject([{ state: 'truncated', reason: 'the JPEG ends early' }]);
    });
  });
});

describe('a folder that is no stack of slices', () => {
  it.each([
    [
      'several series',
      async () => {
        await write(kinds[0]);
        for (const z of [1, 2])
          await writeFile(join(folder, `mask${z}.png`), greyPng(width, height, value(0)));
      },
      'stack.several',
      /mask#\.png \(2 slices\)/,
    ],
    [
      'files that are stacks themselves',
      async () => {
        const { imageTags, tiffBytes } = await import('../tiff/testing/tiff-bytes');
        const page = { tags: imageTags({ width: 4, height: 4 }), blocks: [new Uint8Array(16)] };
        await writeFile(join(folder, 'a.tif'), tiffBytes({ pages: [page, page, page] }));
      },
      'stack.several',
      /a\.tif is a stack of 3 slices/,
    ],
    [
      'interlaced slices',
      async () => {
        const row = (): number[] => [0, 0];
        await writeFile(
          join(folder, 'a1.png'),
          pngBytes({ width: 2, height: 1, bits: 8, colour: 0, row, interlace: true }),
        );
      },
      'stack.unsupported',
      /interlaced/,
    ],
    [
      'nothing but damage',
      async () => {
        for (const z of [1, 2]) await writeFile(join(folder, `${z}.png`), 'no picture');
      },
      'stack.corrupt',
      /1\.png/,
    ],
    ['no picture', () => writeFile(join(folder, 'notes.txt'), 'x'), 'stack.no-image', /series/],
  ] as const)('%s', async (_, make, code, message) => {
    await make();
    expect(await refused()).toEqual([code, expect.stringMatching(message)]);
  });
});
