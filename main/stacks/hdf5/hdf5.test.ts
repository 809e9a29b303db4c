import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toErrorReport, type ErrorReport } from '#contract/errors';
import { describeStack } from '../describe';
import { stackFingerprint } from '../fingerprint';
import { isStill, openStack, sourceReference } from '../open-stack';
import { hostileOutcome } from '../raw/testing/hostile-file';

const signal = new AbortController().signal;
const folder = join(import.meta.dirname, 'fixtures');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  readonly string[]
>;
let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'membrana-hdf5-'));
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

async function refused(path: string): Promise<ErrorReport> {
  try {
    await (await openStack(path, { signal })).close();
  } catch (error) {
    return toErrorReport(error);
  }
  throw new Error('it opened');
}

describe('a HDF5 file that h5py wrote', () => {
  it.each(Object.keys(expected))('%s has the slices that numpy put into it', async (name) => {
    const { pages } = await described(join(folder, name));
    expect(pages).toEqual(expected[name]?.map((sha256) => ({ state: 'ok', sha256 })));
  });

  const nm = { x: 4, y: 4, z: 50, unit: 'nm' };
  it.each([
    ['chunked.h5', 'int16', 'ZYX', null, []],
    ['gzip-shuffle.h5', 'int16', 'ZYX', null, []],
    ['bool.h5', 'uint8', 'ZYX', null, []],
    ['one-slice.h5', 'uint8', 'YX', null, []],
    ['element-size.h5', 'uint8', 'ZYX', nm, []],
    ['resolution.h5', 'uint8', 'ZYX', nm, ['unit-assumed']],
    ['ilastik-zyxc.h5', 'uint8', 'ZYX', null, []],
    ['ilastik-channels.h5', 'uint8', 'ZYXS', null, ['channels']],
    ['ilastik-czyx.h5', 'uint8', 'ZYXS', null, ['channels']],
    ['ilastik-xyz.h5', 'uint8', 'ZYX', null, ['unit-missing']],
    ['ilastik-tyx.h5', 'uint8', 'ZYX', null, ['axes-as-slices']],
  ])('%s: %s, %s, %o, %o', async (name, type, axes, voxelSize, warnings) => {
    const found = await described(join(folder, name));
    const codes = found.warnings.map(({ code }) => code);
    expect([found.type, found.axes, found.voxelSize, codes]).toEqual([
      type,
      axes,
      voxelSize,
      warnings,
    ]);
  });

  it('reads a part of a slice across chunks', async () => {
    const whole = await openStack(join(folder, 'plain.h5'), { signal });
    const chunked = await openStack(join(folder, 'latest.h5'), { signal });
    const rect = { x: 3, y: 5, width: 15, height: 9 };
    const wanted = await whole.readRegion(2, rect, 0, signal);
    expect(await chunked.readRegion(2, rect, 0, signal)).toEqual(wanted);
    await Promise.all([whole.close(), chunked.close()]);
  });

  it('what was never written is its fill value', async () => {
    const { pages } = await described(join(folder, 'holes.h5'));
    expect(pages.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
  });
});

describe('a HDF5 file with several pictures', () => {
  const several = join(folder, 'several.h5');

  it('names them, and not what is none or lies elsewhere', async () => {
    const { code, message, hint } = await refused(several);
    expect([code, message]).toEqual([
      'stack.several',
      'several.h5 holds 2 pictures: /volumes/labels/neurons, /volumes/raw.',
    ]);
    expect(hint).toContain('several.h5::/volumes/labels/neurons');
  });

  it('opens the one that is named, which is a source of its own', async () => {
    const [raw, labels] = [`${several}::/volumes/raw`, `${several}::volumes/labels/neurons`];
    expect((await described(raw)).type).toBe('uint8');
    expect((await described(labels)).type).toBe('uint64');
    expect(await stackFingerprint(raw)).not.toEqual(await stackFingerprint(labels));
    const reference = await sourceReference(raw);
    expect(await isStill(reference)).toBe(true);
    expect(await isStill({ ...reference, path: labels })).toBe(false);
  });

  it.each([
    ['::/volumes', 'stack.no-image', 'no picture at /volumes'],
    ['::/nothing/here', 'stack.no-image', 'no picture at /nothing/here'],
    ['::/elsewhere', 'stack.unsupported', 'another file (i1.h5)'],
    ['::/../../etc', 'stack.no-image', 'no picture'],
  ])('%s is refused', async (inner, code, words) => {
    const found = await refused(`${several}${inner}`);
    expect([found.code, found.message]).toEqual([code, expect.stringContaining(words)]);
  });
});

describe('a HDF5 file that is not right', () => {
  it.each([
    ['link-out.h5', 'stack.unsupported', 'a link to another file (i1.h5)'],
    ['virtual.h5', 'stack.unsupported', 'a virtual dataset'],
    ['lzf.h5', 'stack.unsupported', 'the compression LZF'],
    ['huge.h5', 'stack.too-large', 'slices'],
    ['huge-chunks.h5', 'stack.too-large', 'chunks of 2048 MiB'],
    ['empty-group.h5', 'stack.no-image', 'no dataset'],
  ])('%s: %s', async (name, code, words) => {
    const found = await refused(join(folder, name));
    expect([found.code, found.message]).toEqual([code, expect.stringContaining(words)]);
  });

  it('values in another file are none of ours', async () => {
    const { pages } = await described(join(folder, 'external.h5'));
    expect(pages.map(({ state }) => state)).toEqual(['corrupt', 'corrupt', 'corrupt']);
  });

  it('named so, and text: says that it does not begin like one', async () => {
    const path = join(scratch, 'notes.h5');
    await writeFile(path, 'not a picture at all'.repeat(200));
    expect(await refused(path)).toMatchObject({ code: 'stack.corrupt' });
  });

  it('cut or flipped anywhere: a picture or a reason', async () => {
    const path = join(scratch, 'cut.h5');
    await copyFile(join(folder, 'gzip-shuffle.h5'), path);
    const bytes = await readFile(path);
    for (let at = 0; at < bytes.length; at += 211) {
      await writeFile(path, bytes.subarray(0, at));
      expect(await hostileOutcome(path)).toMatch(/^(file\.empty|stack\.)/);
    }
    for (let at = 0; at < bytes.length; at += 61) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      expect(await hostileOutcome(path)).toMatch(/^(a picture|stack\.|tiff\.)/);
    }
  });
});
