import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStack } from '../describe';
import { openStack } from '../open-stack';
import { hostileOutcome } from '../raw/testing/hostile-file';

const signal = new AbortController().signal;
const folder = join(import.meta.dirname, 'fixtures');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  { readonly slices: readonly string[]; readonly angstrom: readonly [number, number, number] }
>;
let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'membrana-mrc-'));
});
afterAll(() => rm(scratch, { recursive: true }));

async function described(path: string): ReturnType<typeof describeStack> {
  const source = await openStack(path, { signal });
  try {
    return await describeStack(source, { digest: true, signal });
  } finally {
    await source.close();
  }
}

/** A fixture with some of its bytes changed, under another name. */
async function changed(name: string, change: (view: DataView) => void, as = name): Promise<string> {
  const bytes = Uint8Array.from(await readFile(join(folder, name)));
  change(new DataView(bytes.buffer));
  const path = join(scratch, as);
  await writeFile(path, bytes);
  return path;
}

describe('an MRC file that mrcfile wrote', () => {
  it.each(Object.keys(expected))('%s has the slices that mrcfile reads', async (name) => {
    const { pages } = await described(join(folder, name));
    const wanted = expected[name]?.slices.map((sha256) => ({ state: 'ok', sha256 }));
    expect(pages).toEqual(wanted);
  });

  it.each([
    ['i1.mrc', 'int8', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['i2.rec', 'int16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['u2-big-endian.mrc', 'uint16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['f2.mrc', 'float16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['f4.st', 'float32', { x: 0.96, y: 0.96, z: 0.96, unit: 'nm' }, []],
    ['extended.mrc', 'int16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['one-slice.mrc', 'int8', null, []],
    // The interval along z of single pictures is no distance between them.
    ['pictures.mrc', 'int16', { x: 4, y: 4, z: null, unit: 'nm' }, []],
    ['axes-zxy.mrc', 'int16', { x: 50, y: 4, z: 4, unit: 'nm' }, ['mrc-axes']],
    ['imod-u1.mrc', 'uint8', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['old-u1.mrc', 'uint8', { x: 4, y: 4, z: 50, unit: 'nm' }, ['mrc-unsigned']],
    ['no-stamp.mrc', 'int16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['imod-rgb.mrc', 'uint8', null, []],
  ])('%s: %s, %o, %o', async (name, type, voxelSize, warnings) => {
    const found = await described(join(folder, name));
    expect([found.type, found.voxelSize, found.warnings.map(({ code }) => code)]).toEqual([
      type,
      voxelSize,
      warnings,
    ]);
  });

  it('pages through the view’s fast road where its values are as they are in memory', async () => {
    for (const [name, fast] of [
      ['u2-big-endian.mrc', true],
      ['f2.mrc', false],
    ] as const) {
      const source = await openStack(join(folder, name), { signal });
      const rect = { x: 2, y: 3, width: 15, height: 10 };
      const found = await source.withStored?.(1, rect, signal, (stored) =>
        Promise.resolve(stored.layout.kind),
      );
      expect(found).toBe(fast ? 'rows' : null);
      await source.close();
    }
  });

  it('1 Å a pixel is what programs write that know no size', async () => {
    const path = await changed('i2.rec', (view) => {
      for (const [axis, size] of [20, 16, 3].entries()) view.setFloat32(40 + axis * 4, size, true);
    });
    const { voxelSize, warnings } = await described(path);
    expect([voxelSize, warnings.map(({ code }) => code)]).toEqual([null, ['voxel-size-default']]);
  });
});

describe('an MRC file that is not right', () => {
  it('of complex numbers is refused by that name', async () => {
    await expect(openStack(join(folder, 'complex.mrc'), { signal })).rejects.toMatchObject({
      code: 'stack.unsupported',
      message: expect.stringContaining('mode 4') as string,
    });
  });

  it.each([
    ['axes numbered twice', (view: DataView) => view.setInt32(64, 2, true), 'stack.corrupt'],
    ['a size below zero', (view: DataView) => view.setInt32(8, -3, true), 'stack.corrupt'],
    ['2³¹ slices', (view: DataView) => view.setInt32(8, 2 ** 31 - 1, true), 'stack.too-large'],
    [
      'an extended header of 2 GiB',
      (view: DataView) => view.setInt32(92, 2 ** 31 - 1, true),
      'stack.corrupt',
    ],
    ['a mode of its own', (view: DataView) => view.setInt32(12, 77, true), 'stack.unsupported'],
  ])('%s: refused', async (_, change, code) => {
    await expect(openStack(await changed('i2.rec', change), { signal })).rejects.toMatchObject({
      code,
    });
  });

  it('named so, and text: says that it does not begin like one', async () => {
    const path = join(scratch, 'notes.mrc');
    await writeFile(path, 'not a picture at all'.repeat(100));
    await expect(openStack(path, { signal })).rejects.toMatchObject({
      code: 'stack.corrupt',
      message: expect.stringContaining('does not begin like one') as string,
    });
  });

  it('cut anywhere: what is there is shown, what is not is hatched, and it says so', async () => {
    const bytes = await readFile(join(folder, 'i2.rec'));
    const path = join(scratch, 'cut.rec');
    await writeFile(path, bytes.subarray(0, 1024 + 2 * 20 * 21));
    const source = await openStack(path, { signal });
    const { warnings } = source.info;
    expect(warnings.map(({ message }) => message)).toEqual([
      'The file ends early: 1 of its 3 slices are whole. What is missing is hatched.',
    ]);
    const { bad } = await source.readRegion(1, { x: 4, y: 2, width: 9, height: 14 }, 0, signal);
    expect(bad).toEqual([
      { x: 0, y: 3, width: 9, height: 11, state: 'truncated', reason: 'the file ends before it' },
    ]);
    await source.close();
    for (const length of [0, 1, 100, 1023, 1024, 1025, 1700]) {
      await writeFile(path, bytes.subarray(0, length));
      expect(await hostileOutcome(path)).toMatch(/^(a picture|file\.empty|stack\.)/);
    }
  });

  it('with flipped bytes: a picture or a reason', async () => {
    for (const name of ['i2.rec', 'extended.mrc'])
      for (let seed = 0; seed < 150; seed += 1) {
        const path = await changed(name, (view) => {
          // A multiplicative walk over the header's bytes, the same each time.
          const at = (seed * 7919) % 1024;
          view.setUint8(at % 256, (view.getUint8(at % 256) ^ (1 << (seed % 8))) & 255);
        });
        expect(await hostileOutcome(path)).toMatch(/^(a picture|stack\.|tiff\.)/);
      }
  });
});
