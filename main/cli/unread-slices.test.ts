import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { openStack } from '#main/stacks/open-stack';
import { failureOf } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;

beforeAll(async () => {
  lines = await makeLineFolder();
  // The second of three slices, which lie one after another behind the header.
  const bytes = await readFile(join(lines.folder, 'small.tif'));
  bytes.fill(0xa5, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 64);
  await writeFile(join(lines.folder, 'broken.tif'), bytes);
}, 60_000);

afterAll(() => lines.remove());

const Told = z.object({
  notes: z.array(z.string()),
  skipped: z.array(z.object({ z: z.int() })),
});

async function segment(out: string, ...more: string[]) {
  const words = ['segment', 'broken.tif', '--model', 'isbi-base8', '--engine', 'onnx'];
  const mask = ['--mask', `mask-${out}`, '--threshold', '0.5'];
  return lines.run(...words, '--out', out, ...mask, ...more, '--json');
}

async function depthOf(name: string): Promise<number> {
  const source = await openStack(join(lines.folder, name), {
    signal: new AbortController().signal,
  });
  await source.close();
  return source.info.depth;
}

it(
  'a slice that cannot be read is a page of zeros, has none, or ends the segmentation: as told',
  async () => {
    const zeros = await segment('zeros.tif');
    expect(Told.parse(JSON.parse(zeros.stdout))).toMatchObject({
      notes: ['Slice 1 could not be read: its page is 0, which says nothing.'],
      skipped: [{ z: 1 }],
    });
    expect(zeros.stderr).toContain("Slice 1 can't be read completely");
    expect(await depthOf('zeros.tif')).toBe(3);

    const fewer = await segment('fewer.tif', '--missing', 'leave-out');
    expect(Told.parse(JSON.parse(fewer.stdout)).notes.join()).toMatch(/Slice 1 .* left out/);
    expect([await depthOf('fewer.tif'), await depthOf('mask-fewer.tif')]).toEqual([2, 2]);

    const refused = await segment('refused.tif', '--missing', 'refuse');
    expect(failureOf(refused).code).toBe('stack.page-unreadable');
    await expect(depthOf('refused.tif')).rejects.toMatchObject({ code: 'file.not-found' });
  },
  slow,
);

it(
  'nobody simulates corrections of a slice that cannot be read',
  async () => {
    await lines.run('project', 'create', 'U.emproj', '--stack', 'broken.tif', '--json');
    const truth = ['--truth', 'small-labels.tif', '--membrane', '0', '--slices', '0-1'];
    const told = failureOf(await lines.run('simulate', 'U.emproj', ...truth, '--json'));
    expect(told.code).toBe('stack.page-unreadable');
    expect(told.message).toContain('Slices 1 of the stack');
    // Nothing was painted, on the slice that can be read either.
    expect(failureOf(await lines.run('retrain', 'U.emproj', '--json')).code).toBe('labels.none');
  },
  slow,
);
