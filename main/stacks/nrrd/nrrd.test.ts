import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toErrorReport, type ErrorReport } from '#contract/errors';
import { describeStack } from '../describe';
import { isStill, openStack, sourceReference } from '../open-stack';
import { hostileOutcome } from '../raw/testing/hostile-file';

const signal = new AbortController().signal;
const folder = join(import.meta.dirname, 'fixtures');
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  readonly string[]
>;
let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'membrana-nrrd-'));
});
afterEach(() => rm(scratch, { recursive: true }));

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

const plain = ['type: uint8', 'dimension: 3', 'sizes: 26 20 3', 'encoding: raw'];
const pixels = Uint8Array.from({ length: 26 * 20 * 3 }, (_, at) => at % 251);

/** A file with a header of these lines and bytes behind it. */
async function written(lines: readonly string[], bytes: Uint8Array = pixels): Promise<string> {
  const path = join(scratch, 'made.nrrd');
  await writeFile(path, Buffer.concat([Buffer.from(`NRRD0005\n${lines.join('\n')}\n\n`), bytes]));
  return path;
}

describe('a NRRD that pynrrd wrote', () => {
  it.each(Object.keys(expected))('%s has the slices that numpy put into it', async (name) => {
    const { pages } = await described(join(folder, name));
    expect(pages).toEqual(expected[name]?.map((sha256) => ({ state: 'ok', sha256 })));
  });

  it.each([
    ['u1.nrrd', 'uint8', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['f8.nrrd', 'float64', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['big-endian.nrrd', 'uint16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['gzip.nrrd', 'uint16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['detached.nhdr', 'int16', { x: 4, y: 4, z: 50, unit: 'nm' }, []],
    ['one-slice.nrrd', 'uint8', null, []],
    ['no-unit.nrrd', 'uint8', null, ['unit-missing']],
    ['rgb.nrrd', 'uint8', null, []],
    ['vector.nrrd', 'float32', null, ['channels']],
    ['times.nrrd', 'uint8', null, ['first-time']],
  ])('%s: %s, %o, %o', async (name, type, voxelSize, warnings) => {
    const found = await described(join(folder, name));
    expect([found.type, found.voxelSize, found.warnings.map(({ code }) => code)]).toEqual([
      type,
      voxelSize,
      warnings,
    ]);
  });
});

describe('what NRRDs of other programs do', () => {
  it('bytes before the pixels are skipped after they were unpacked, as Teem does', async () => {
    const head = [...plain.slice(0, 3), 'encoding: gz', 'byte skip: 7'];
    const path = await written(head, gzipSync(Buffer.concat([Buffer.from('1234567'), pixels])));
    const source = await openStack(path, { signal });
    const { data } = await source.readRegion(2, { x: 0, y: 0, width: 26, height: 20 }, 0, signal);
    expect(data).toEqual(pixels.slice(2 * 520));
    await source.close();
  });

  it('keys, comments and Windows’ line ends are no trouble', async () => {
    const path = join(scratch, 'made.nrrd');
    const head = ['NRRD0005', '# a: comment', ...plain, 'maker:=us: really', '', ''].join('\r\n');
    await writeFile(path, Buffer.concat([Buffer.from(head), pixels]));
    expect((await described(path)).pages.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
  });

  it('a header and its pixels are one source: other pixels are another one', async () => {
    for (const name of ['detached.nhdr', 'detached.raw'])
      await copyFile(join(folder, name), join(scratch, name));
    const reference = await sourceReference(join(scratch, 'detached.nhdr'));
    expect(await isStill(reference)).toBe(true);
    const raw = await readFile(join(scratch, 'detached.raw'));
    await writeFile(
      join(scratch, 'detached.raw'),
      raw.map((byte) => byte ^ 1),
    );
    expect(await isStill(reference)).toBe(false);
  });

  it('leaves nothing in the temporary folder', async () => {
    const unpacked = async (): Promise<string[]> =>
      (await readdir(tmpdir())).filter((name) => name.startsWith('membrana-unpacked-'));
    const before = await unpacked();
    await described(join(folder, 'gzip.nrrd'));
    expect(await unpacked()).toEqual(before);
  });
});

describe('a NRRD that is not right', () => {
  it.each([['another encoding', 'ascii.nrrd', 'stack.unsupported', '“ascii”']])(
    '%s',
    async (_, name, code, words) => {
      const found = await refused(join(folder, name));
      expect([found.code, found.message]).toEqual([code, expect.stringContaining(words)]);
    },
  );

  it.each([
    ['no byte order', ['type: short', ...plain.slice(1)], 'stack.corrupt', 'byte order'],
    ['a type without meaning', ['type: block', ...plain.slice(1)], 'stack.unsupported', '“block”'],
    [
      '2⁴⁰ slices',
      [...plain.slice(0, 2), `sizes: 26 20 ${2 ** 40}`, plain[3]!],
      'stack.too-large',
      'slices',
    ],
    [
      'sizes that are none',
      [...plain.slice(0, 2), 'sizes: 26 0 3', plain[3]!],
      'stack.corrupt',
      '26 0 3',
    ],
    [
      'fewer sizes than axes',
      [plain[0]!, 'dimension: 4', ...plain.slice(2)],
      'stack.corrupt',
      '4 axes',
    ],
    [
      'four axes without a word',
      [plain[0]!, 'dimension: 4', 'sizes: 13 2 20 3', plain[3]!],
      'stack.unsupported',
      'kinds',
    ],
    ['no type', plain.slice(1), 'stack.corrupt', 'type'],
    [
      'pixels elsewhere',
      [...plain, 'data file: ../secret.raw'],
      'stack.unsupported',
      'another folder',
    ],
    [
      'pixels at the root',
      [...plain, 'data file: /etc/passwd'],
      'stack.unsupported',
      'another folder',
    ],
    ['pixels that are not there', [...plain, 'data file: gone.raw'], 'file.not-found', 'gone.raw'],
    [
      'pixels in many files',
      [...plain, 'data file: slice%03d.raw 0 2 1'],
      'stack.unsupported',
      'several files',
    ],
    ['a skip beyond the end', [...plain, 'byte skip: 99999'], 'stack.corrupt', 'ends before them'],
    ['gzip that is none', [...plain.slice(0, 3), 'encoding: gzip'], 'stack.corrupt', 'not'],
  ])('%s', async (_, lines, code, words) => {
    const found = await refused(await written(lines));
    expect([found.code, found.message]).toEqual([code, expect.stringContaining(words)]);
  });

  it('a link to the pixels is refused, wherever it leads', async () => {
    await symlink(join(folder, 'detached.raw'), join(scratch, 'detached.raw'));
    await copyFile(join(folder, 'detached.nhdr'), join(scratch, 'detached.nhdr'));
    expect((await refused(join(scratch, 'detached.nhdr'))).code).toBe('file.not-plain');
  });

  it('a gzip that can’t hold what it promises is refused at once; one that ends early is hatched', async () => {
    const head = [...plain.slice(0, 2), 'sizes: 100000 100000 1000', 'encoding: gzip'];
    expect(await refused(await written(head, gzipSync(pixels)))).toMatchObject({
      code: 'stack.corrupt',
    });
    const packed = gzipSync(pixels);
    const path = await written(
      [...plain.slice(0, 3), 'encoding: gzip'],
      packed.subarray(0, packed.length / 2),
    );
    const { pages } = await described(path);
    expect(pages.at(-1)?.state).toBe('truncated');
  });

  it('a gzip with a flipped byte: what comes before is there, what comes after is not', async () => {
    const noise = Uint8Array.from(pixels, (_, at) => (at * at * 31 + (at >> 3)) % 253);
    const packed = gzipSync(noise);
    for (let at = 12; at < packed.length; at += 37) {
      const bytes = Uint8Array.from(packed);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      expect(
        await hostileOutcome(await written([...plain.slice(0, 3), 'encoding: gzip'], bytes)),
      ).toBe('a picture');
    }
  });

  it('cut or flipped anywhere in its header: a picture or a reason', async () => {
    const bytes = await readFile(join(folder, 'gzip.nrrd'));
    const path = join(scratch, 'cut.nrrd');
    for (let at = 0; at < bytes.length; at += 13) {
      await writeFile(path, bytes.subarray(0, at));
      expect(await hostileOutcome(path)).toMatch(/^(a picture|file\.empty|stack\.)/);
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      expect(await hostileOutcome(path)).toMatch(/^(a picture|stack\.|file\.not-found)/);
    }
  });
});
