import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, type Ran } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;
beforeAll(async () => {
  lines = await makeLineFolder();
  await lines.run('project', 'create', 'I.emproj', '--stack', 'image.tif', '--json');
}, 60_000);
afterAll(() => lines.remove());

const taken = (file: string, ...words: string[]): Promise<Ran> =>
  lines.run('project', 'import-labels', 'I.emproj', file, ...words, '--json');
const written = (out: string, ...words: string[]): Promise<Ran> =>
  lines.run('project', 'export', 'I.emproj', '--out', out, '--what', 'classes', ...words, '--json');
const info = async (path: string): Promise<unknown> =>
  JSON.parse((await lines.run('info', path, '--json')).stdout);

describe('project import-labels', () => {
  it('guesses nothing: it says what the file holds, what it probably means, and what does not fit', async () => {
    const asked = failureOf(await taken('labels.tif'));
    expect(asked.code).toBe('usage');
    expect(asked.message).toMatch(
      /labels\.tif holds 255 \(\d+\.\d %\), 0 \(\d+\.\d %\)\. Probably: --map '0=2,255=1'/,
    );
    expect(failureOf(await taken('labels.tif', '--map', '0=membrane')).code).toBe(
      'labels.unmapped',
    );
    expect(failureOf(await taken('labels.tif', '--map', '0=wall')).message).toContain(
      '"wall" is no class of the project: interior, membrane, void, leave.',
    );
    expect(failureOf(await taken('other.tif', '--cells')).code).toBe('stack.shape-mismatch');
    expect(failureOf(await written('none.tif')).code).toBe('labels.none');
  });

  it(
    'takes labels in, which go out again in every format, and refuse what is in their way',
    async () => {
      const map = ['--map', '0=membrane,rest=interior', '--as', 'confirmed'];
      const done: unknown = JSON.parse((await taken('labels.tif', ...map)).stdout);
      expect(done).toMatchObject({ as: 'confirmed', slices: [0, 1, 2, 3], pixels: 4 * 128 * 128 });
      const again: unknown = JSON.parse((await taken('labels.tif', ...map)).stdout);
      expect(again).toMatchObject({ slices: [], pixels: 0 });
      const shape = { width: 128, height: 128, depth: 4 };
      await written('c.tif');
      await written('c.zarr');
      await written('c4.zarr', '--format', 'ome-zarr-0.4');
      await written('c-png', '--format', 'png');
      for (const path of ['c.tif', 'c.zarr', 'c4.zarr', 'c-png'])
        expect(await info(path)).toMatchObject(shape);
      for (const path of ['c.zarr', 'c4.zarr'])
        expect(await info(join(path, 'labels', 'classes'))).toMatchObject(shape);
      expect(JSON.parse((await written('c.nrrd')).stdout)).toMatchObject({ format: 'nrrd' });
      expect(failureOf(await written('c.png')).code).toBe('usage');
      expect(failureOf(await written('.', '--format', 'png')).code).toBe('export.same-file');
      await mkdir(join(lines.folder, 'mine'));
      await writeFile(join(lines.folder, 'mine', 'notes.txt'), 'mine');
      const mine = await written('mine', '--format', 'png');
      expect(failureOf(mine).code).toBe('export.folder-exists');
      expect((await readdir(lines.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
    },
    slow,
  );
});
