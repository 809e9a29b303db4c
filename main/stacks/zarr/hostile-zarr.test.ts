import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorReport, type ErrorReport } from '#contract/errors';
import { openStack } from '../open-stack';
import type { StackSource } from '../stack-source';
import { type TestArray, writeArray, writeImage } from './testing/zarr-folder';

const signal = new AbortController().signal;
let folder = '';
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'membrana-zarr-')), 'stack.zarr');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const value = ([z = 0, y = 0, x = 0]: readonly number[]): number =>
  1 + ((z * 67 + y * 13 + x * 7) % 250);
const plain: TestArray = {
  format: 2,
  shape: [2, 40, 60],
  chunk: [1, 20, 30],
  type: 'uint8',
  value,
};
const sharded: TestArray = { ...plain, format: 3, chunk: [1, 10, 10], shard: [1, 20, 30] };
const whole = { x: 0, y: 0, width: 60, height: 40 };

async function opened<T>(work: (source: StackSource) => Promise<T>): Promise<T> {
  const source = await openStack(folder, { signal });
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

async function refused(): Promise<ErrorReport> {
  try {
    await opened(() => Promise.resolve());
  } catch (error) {
    return toErrorReport(error);
  }
  throw new Error('it opened');
}

/** What of slice 0 can't be had, and that all the rest is as it was written. */
async function holes(): Promise<[state: string, reason: string, x: number, y: number][]> {
  return opened(async (source) => {
    const { data, bad } = await source.readRegion(0, whole, 0, signal);
    const isBad = (x: number, y: number): boolean =>
      bad.some((b) => x >= b.x && x < b.x + b.width && y >= b.y && y < b.y + b.height);
    for (let y = 0; y < 40; y += 1)
      for (let x = 0; x < 60; x += 1)
        expect(Number(data[y * 60 + x])).toBe(isBad(x, y) ? 0 : value([0, y, x]));
    const other = await source.readRegion(1, whole, 0, signal);
    expect(other.bad).toEqual([]);
    return bad.map((b) => [b.state, b.reason, b.x, b.y]);
  });
}

describe('what is wrong with one chunk costs that chunk', () => {
  it('not there', async () => {
    await writeImage(folder, [plain]);
    await rm(join(folder, '0', '0.1.0'));
    expect(await holes()).toEqual([['missing', 'its chunk is not there', 0, 20]]);
    await opened(({ info }) => {
      expect(info.warnings.map(({ code, message }) => [code, message.slice(0, 40)])).toEqual([
        ['chunks-missing', '1 of its 8 chunks is not there. What was'],
      ]);
      return Promise.resolve();
    });
  });

  it('not there, of a shard that is gone', async () => {
    await writeImage(folder, [sharded]);
    await rm(join(folder, '0', 'c', '0', '1', '1'));
    const found = await holes();
    expect(found).toHaveLength(6);
    expect(found.every(([state]) => state === 'missing')).toBe(true);
  });

  it('left out by a shard that says so: that is its fill value, and no hole', async () => {
    const leaveOut = ([z, y, x]: readonly number[]): boolean => z === 0 && y === 1 && x === 2;
    await writeImage(folder, [{ ...sharded, fill: 9, leaveOut }]);
    await opened(async (source) => {
      const { data, bad } = await source.readRegion(0, whole, 0, signal);
      expect(bad).toEqual([]);
      expect([data[10 * 60 + 20], data[10 * 60 + 19]]).toEqual([9, value([0, 10, 19])]);
    });
  });

  it('a shard that is cut short', async () => {
    await writeImage(folder, [sharded]);
    const path = join(folder, '0', 'c', '0', '0', '0');
    await truncate(path, (await stat(path)).size - 7);
    const found = await holes();
    expect(found).toHaveLength(6);
    expect(new Set(found.map(([, reason]) => reason))).toEqual(
      new Set(['crc32c: its check sum is wrong']),
    );
  });

  it('a shard whose index points beyond it', async () => {
    await writeImage(folder, [sharded]);
    await truncate(join(folder, '0', 'c', '0', '0', '0'), 40);
    expect((await holes())[0]?.slice(0, 2)).toEqual(['truncated', 'its shard ends after 40 bytes']);
  });

  it('a chunk that is cut short, raw and compressed', async () => {
    await writeImage(folder, [plain]);
    await truncate(join(folder, '0', '0.0.0'), 100);
    expect(await holes()).toEqual([['truncated', 'its chunk holds 100 of 600 values', 0, 0]]);
    await rm(folder, { recursive: true });
    await writeImage(folder, [{ ...plain, compress: 'gzip' }]);
    await truncate(join(folder, '0', '0.0.0'), 20);
    expect((await holes())[0]?.[0]).toBe('corrupt');
  });

  it('a bomb: a small file that would become a thousand times a chunk', async () => {
    await writeImage(folder, [{ ...plain, compress: 'gzip' }]);
    await writeFile(join(folder, '0', '0.0.1'), gzipSync(Buffer.alloc(2 ** 25)));
    expect((await holes())[0]?.slice(0, 2)).toEqual(['corrupt', expect.stringMatching(/^gzip: /)]);
  });

  it.each([
    ['uint8', -1],
    ['uint8', 300],
    ['uint8', 1.5],
    ['uint8', 'NaN'],
    ['uint8', null],
    ['float32', '0x3f80'],
    ['float32', 'zero'],
  ] as const)(
    'left out by a shard of %s that has %j in their place: no value of that type',
    async (type, fill) => {
      const leaveOut = ([, y, x]: readonly number[]): boolean => y === 1 && x === 2;
      await writeImage(folder, [{ ...sharded, type, leaveOut, metadata: { fill_value: fill } }]);
      await opened(async (source) => {
        const { bad } = await source.readRegion(0, whole, 0, signal);
        expect(bad).toMatchObject([
          {
            x: 20,
            y: 10,
            width: 10,
            height: 10,
            reason: expect.stringMatching(/fill_value/) as string,
          },
        ]);
      });
    },
  );

  it('left out by a shard whose fill value is written bit by bit', async () => {
    const leaveOut = ([, y, x]: readonly number[]): boolean => y === 1 && x === 2;
    const metadata = { fill_value: '0x3fc00000' };
    await writeImage(folder, [{ ...sharded, type: 'float32', leaveOut, metadata }]);
    await opened(async (source) => {
      const { data, bad } = await source.readRegion(0, whole, 0, signal);
      expect([bad, data[10 * 60 + 20]]).toEqual([[], 1.5]);
    });
  });

  it.runIf(process.platform !== 'win32')('a pipe in the place of a chunk', async () => {
    await writeImage(folder, [plain]);
    await rm(join(folder, '0', '0.0.0'));
    execFileSync('mkfifo', [join(folder, '0', '0.0.0')]);
    expect((await holes())[0]?.[0]).toBe('corrupt');
  });

  it('a folder in the place of a chunk', async () => {
    await writeImage(folder, [plain]);
    await rm(join(folder, '0', '0.0.0'));
    await mkdir(join(folder, '0', '0.0.0'));
    expect((await holes())[0]?.[0]).toBe('corrupt');
  });
});

describe('what can not be read at all is refused by name, before memory is taken', () => {
  const huge = [1, 65_536, 65_536];
  type Case = readonly [string, () => Promise<unknown>, string, RegExp];
  const cases: readonly Case[] = [
    [
      'a chunk of 4 GB',
      () => writeImage(folder, [{ ...plain, metadata: { chunks: huge } }]),
      'stack.too-large',
      /4096 MiB/,
    ],
    [
      'a codec that we lack',
      () => writeImage(folder, [{ ...plain, metadata: { compressor: { id: 'bz2', level: 1 } } }]),
      'stack.unsupported',
      /“bz2”/,
    ],
    [
      'a codec of version 3 that we lack',
      () =>
        writeImage(folder, [
          {
            ...sharded,
            shard: sharded.chunk,
            metadata: { codecs: [{ name: 'bytes' }, { name: 'jpeg2k', configuration: {} }] },
          },
        ]),
      'stack.unsupported',
      /“jpeg2k”/,
    ],
    [
      'words for values',
      () => writeImage(folder, [{ ...plain, metadata: { dtype: '<U10' } }]),
      'stack.unsupported',
      /<U10/,
    ],
    [
      'a size of 0',
      () => writeImage(folder, [{ ...plain, metadata: { shape: [2, 0, 60] } }]),
      'stack.corrupt',
      /shape\.1/,
    ],
    [
      'chunks of fewer axes',
      () => writeImage(folder, [{ ...plain, metadata: { chunks: [20, 30] } }]),
      'stack.corrupt',
      /2 axes/,
    ],
    [
      'a __proto__ in its metadata',
      async () => {
        await writeImage(folder, [plain]);
        await writeFile(
          join(folder, '.zattrs'),
          '{"__proto__": {"multiscales": []}, "multiscales": [{}]}',
        );
      },
      'stack.corrupt',
      /__proto__/,
    ],
    [
      'no JSON',
      async () => {
        await writeImage(folder, [plain]);
        await writeFile(join(folder, '0', '.zarray'), '{"shape": [');
      },
      'stack.corrupt',
      /\.zarray/,
    ],
    [
      'no resolution where it names one',
      async () => {
        await writeImage(folder, [plain]);
        await rm(join(folder, '0'), { recursive: true });
      },
      'stack.corrupt',
      /resolution 0 is not there/,
    ],
    [
      'a resolution outside its folder',
      async () => {
        await writeImage(folder, [plain]);
        const text = await readFile(join(folder, '.zattrs'), 'utf8');
        await writeFile(
          join(folder, '.zattrs'),
          text.replace('"path":"0"', '"path":"../../other"'),
        );
      },
      'stack.corrupt',
      /outside/,
    ],
    [
      'four axes that are none of ours',
      () =>
        writeImage(folder, [{ ...plain, shape: [2, 2, 40, 60], chunk: [1, 1, 20, 30] }], {
          axes: ['angle', 'z', 'y', 'x'],
        }),
      'stack.unsupported',
      /angle/,
    ],
    [
      'several images in a group',
      async () => {
        await writeImage(join(folder, 'left'), [plain]);
        await writeArray(join(folder, 'deep', 'right'), plain);
        await writeFile(join(folder, '.zgroup'), '{"zarr_format":2}');
        await writeFile(join(folder, 'deep', '.zgroup'), '{"zarr_format":2}');
      },
      'stack.several',
      /deep\/right, left/,
    ],
    [
      'a group without an image',
      async () => {
        await mkdir(folder);
        await writeFile(
          join(folder, 'zarr.json'),
          '{"zarr_format":3,"node_type":"group","attributes":{}}',
        );
      },
      'stack.no-image',
      /group/,
    ],
    [
      'a format that is not there yet',
      () => writeImage(folder, [{ ...sharded, metadata: { zarr_format: 4 } }]),
      'stack.unsupported',
      /Zarr format 4/,
    ],
    [
      'values of several fields',
      () => writeImage(folder, [{ ...plain, metadata: { dtype: [['a', '<u1']] } }]),
      'stack.unsupported',
      /a structure/,
    ],
    [
      'no image where it has a list of them',
      async () => {
        await writeImage(folder, [plain]);
        await writeFile(join(folder, '.zattrs'), '{"multiscales":[]}');
      },
      'stack.corrupt',
      /names no image/,
    ],
    [
      'an axis that is named twice',
      () => writeImage(folder, [plain], { axes: ['y', 'y', 'x'] }),
      'stack.corrupt',
      /“y” twice/,
    ],
    [
      'a file for every voxel',
      () =>
        writeImage(folder, [{ ...plain, leaveOut: () => true }]).then(() =>
          writeFile(
            join(folder, '0', '.zarray'),
            '{"zarr_format":2,"shape":[2,2048,2048],"chunks":[1,1,1],"dtype":"|u1","compressor":null,"fill_value":0,"filters":null,"order":"C"}',
          ),
        ),
      'stack.unsupported',
      /1 × 1 × 1/,
    ],
    ...(
      [
        ['shuffle', { elementsize: 4 }],
        ['shuffle', { elementsize: 'x' }],
        ['delta', { dtype: '<u2' }],
        ['delta', { dtype: '|u1', astype: '<i2' }],
        ['delta', {}],
      ] as const
    ).map(([id, settings]): Case => [
      `${id} with ${JSON.stringify(settings)} over bytes`,
      () => writeImage(folder, [{ ...plain, metadata: { filters: [{ id, ...settings }] } }]),
      'stack.unsupported',
      new RegExp(`“${id}” with`),
    ]),
    ...(
      [
        ['transpose', { order: [0, 0, 1] }],
        ['transpose', { order: [5, 6, 7] }],
        ['bytes', { endian: 'middle' }],
      ] as const
    ).map(([name, configuration]): Case => [
      `${name} with ${JSON.stringify(configuration)}`,
      () =>
        writeImage(folder, [
          {
            ...sharded,
            shard: sharded.chunk,
            metadata: { codecs: [{ name, configuration }, { name: 'bytes' }] },
          },
        ]),
      'stack.unsupported',
      new RegExp(`“${name}” with`),
    ]),
    ['a folder called .zarr with nothing in it', () => mkdir(folder), 'stack.corrupt', /missing/],
    [
      'a million levels of brackets',
      async () => {
        await mkdir(folder);
        await writeFile(join(folder, 'zarr.json'), '['.repeat(1e6));
      },
      'stack.corrupt',
      /too deep/,
    ],
  ];
  it.each(cases)('%s', async (_, make, code, message) => {
    await make();
    const error = await refused();
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
    expect(error.hint).not.toBe('');
    expect({}).not.toHaveProperty('multiscales');
  });

  it.runIf(process.platform !== 'win32').each(['.zattrs', '0/.zarray', 'zarr.json'])(
    'a pipe in the place of %s',
    async (file) => {
      await writeImage(folder, [plain]);
      await rm(join(folder, file), { force: true });
      execFileSync('mkfifo', [join(folder, file)]);
      expect(await refused()).toMatchObject({
        code: 'stack.corrupt',
        message: expect.stringMatching(/is no file/) as string,
      });
    },
  );

  it('does not follow a ring of links', async () => {
    await mkdir(folder);
    await writeFile(join(folder, '.zgroup'), '{"zarr_format":2}');
    await symlink(folder, join(folder, 'again'));
    expect((await refused()).code).toBe('stack.no-image');
  });
});

it('leaves voxel sizes open where they are told for another number of axes', async () => {
  await writeImage(folder, [plain]);
  const text = await readFile(join(folder, '.zattrs'), 'utf8');
  await writeFile(join(folder, '.zattrs'), text.replace('"scale":[50,4,4]', '"scale":[1,50,4,4]'));
  await opened(({ info }) => {
    expect(info.voxelSize).toEqual({ x: null, y: null, z: null, source: 'unknown' });
    expect(info.warnings).toMatchObject([{ code: 'scale-unclear' }]);
    return Promise.resolve();
  });
});

it('notices that its description is written anew while it is open', async () => {
  await writeImage(folder, [plain]);
  await opened(async (source) => {
    await source.readRegion(0, whole, 0, signal);
    await writeFile(
      join(folder, '0', '.zarray'),
      (await readFile(join(folder, '0', '.zarray'), 'utf8')).replace('40', '41 '),
    );
    await expect(source.readRegion(0, whole, 0, signal)).rejects.toMatchObject({
      code: 'file.changed',
    });
  });
});

describe('bytes that changed on the way', () => {
  it.each([
    ['0.4', plain, ['.zattrs', '.zgroup', '0/.zarray', '0/0.0.0']],
    ['0.5 with shards', sharded, ['zarr.json', '0/zarr.json', '0/c/0/0/0']],
  ] as const)(
    'of %s end in a picture or in words, never in anything else',
    async (_, array, files) => {
      await writeImage(folder, [{ ...array, compress: 'gzip' }]);
      let state = 12345;
      const random = (most: number): number => {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        return Math.floor((state / 2 ** 32) * most);
      };
      for (const file of files) {
        const path = join(folder, file);
        const whole = await readFile(path);
        for (let turn = 0; turn < 60; turn += 1) {
          const bytes = Buffer.from(whole);
          for (let flip = 0; flip <= turn % 3; flip += 1) bytes[random(bytes.length)] = random(256);
          await writeFile(path, turn % 5 === 4 ? bytes.subarray(0, random(bytes.length)) : bytes);
          const failed = await opened(async (source) => {
            const { width, height } = source.info;
            const part = { x: 0, y: 0, width: Math.min(width, 200), height: Math.min(height, 200) };
            const { bad } = await source.readRegion(0, part, 0, signal);
            expect(bad.every(({ reason }) => reason !== '')).toBe(true);
            return null;
          }).catch((error: unknown) => toErrorReport(error).code);
          expect([
            null,
            'stack.corrupt',
            'stack.unsupported',
            'stack.too-large',
            'stack.no-image',
          ]).toContain(failed);
        }
        await writeFile(path, whole);
      }
    },
  );
});
