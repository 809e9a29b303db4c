import { execFileSync } from 'node:child_process';
import {
  appendFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStack } from './open-stack';
import { imageTags, tiffBytes } from './tiff/testing/tiff-bytes';
import { sameFingerprint, stackFingerprint } from './fingerprint';

const signal = new AbortController().signal;
const rect = { x: 0, y: 0, width: 64, height: 64 };
const picture = (value: number): Uint8Array =>
  tiffBytes({
    pages: [
      { tags: imageTags({ width: 64, height: 64 }), blocks: [new Uint8Array(4096).fill(value)] },
    ],
  });
let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'membrana-open-'));
  path = join(folder, 'stack.tif');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a file that changes while it is open', () => {
  it.each([
    [
      'is replaced',
      async () => {
        await writeFile(join(folder, 'other.tif'), picture(9));
        await rename(join(folder, 'other.tif'), path);
      },
    ],
    [
      'is replaced by one of the same size and time',
      async () => {
        const other = join(folder, 'other.tif');
        await writeFile(other, picture(9));
        await utimes(other, 1000, 1000);
        await rename(other, path);
      },
    ],
    ['is overwritten in place', () => writeFile(path, picture(9))],
    ['shrinks', () => truncate(path, 500)],
    ['grows', () => appendFile(path, 'more')],
    ['is deleted', () => rm(path)],
  ])('is noticed when it %s', async (_, change) => {
    await writeFile(path, picture(1));
    await utimes(path, 1000, 1000);
    const source = await openStack(path, { signal });
    expect((await source.readRegion(0, rect, 0, signal)).data[0]).toBe(1);
    await change();
    await expect(source.readRegion(0, rect, 0, signal)).rejects.toMatchObject({
      code: 'file.changed',
    });
    await source.close();
  });
});

describe('a path that is no stack', () => {
  it('says that nothing is there', async () => {
    await expect(openStack(path, { signal })).rejects.toMatchObject({ code: 'file.not-found' });
  });

  it('says that a folder holds no stack', async () => {
    await mkdir(path);
    await expect(openStack(path, { signal })).rejects.toMatchObject({
      code: 'stack.no-image',
      message: 'stack.tif is a folder without a stack in it.',
    });
  });

  it.runIf(process.platform === 'linux')('does not wait for a named pipe', async () => {
    execFileSync('mkfifo', [path]);
    await expect(openStack(path, { signal })).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it('says that a name is too long', async () => {
    const long = join(folder, `${'x'.repeat(300)}.tif`);
    await expect(openStack(long, { signal })).rejects.toMatchObject({ code: 'file.not-found' });
  });
});

it('opens names with emoji, spaces and dots', async () => {
  const odd = join(folder, '🧠 stack. tif ..tif');
  await writeFile(odd, picture(3));
  const source = await openStack(odd, { signal });
  expect((await source.readRegion(0, rect, 0, signal)).data[0]).toBe(3);
  await source.close();
});

it('refuses slices outside the stack and clips rectangles to it', async () => {
  await writeFile(path, picture(5));
  const source = await openStack(path, { signal });
  await expect(source.readRegion(1, rect, 0, signal)).rejects.toMatchObject({
    code: 'stack.slice-out-of-range',
  });
  const corner = await source.readRegion(0, { x: 60, y: -10, width: 50, height: 12 }, 0, signal);
  expect([corner.width, corner.height, corner.data.length]).toEqual([4, 2, 8]);
  await source.close();
});

it('stops when it is told to', async () => {
  await writeFile(path, picture(5));
  const source = await openStack(path, { signal });
  await expect(source.readRegion(0, rect, 0, AbortSignal.abort())).rejects.toThrow(/abort/i);
  await source.close();
});

it('knows a file again by its fingerprint', async () => {
  await writeFile(path, picture(5));
  const first = await stackFingerprint(path);
  const copy = join(folder, 'copy.tif');
  await writeFile(copy, picture(5));
  expect(sameFingerprint(first, await stackFingerprint(copy))).toBe(true);
  await writeFile(copy, picture(6));
  expect(sameFingerprint(first, await stackFingerprint(copy))).toBe(false);
});
