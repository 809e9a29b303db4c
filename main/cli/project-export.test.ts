import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, type Ran } from './testing/built-cli';
import { makeLineFolder, slow, type LineFolder } from './testing/line-folder';

let lines: LineFolder;
beforeAll(async () => {
  lines = await makeLineFolder();
  await lines.run('project', 'create', 'E.emproj', '--stack', 'image.tif', '--json');
}, 60_000);
afterAll(() => lines.remove());

const asked = (out: string, ...words: string[]): Promise<Ran> =>
  lines.run('project', 'export', 'E.emproj', '--out', out, ...words, '--json');

describe('project export', () => {
  it('writes no zeros for slices that nobody segmented: it refuses, naming them from 0', async () => {
    const refused = await asked('mask.tif');
    expect(refused.code).not.toBe(0);
    expect(failureOf(refused)).toMatchObject({
      code: 'labels.incomplete',
      message: 'Slices 0-3 are not segmented, so they have no values to export.',
    });
    expect(failureOf(await asked('mask.tif', '--missing', 'leave-out')).code).toBe('labels.none');
    expect(failureOf(await asked('mask.tif', '--missing', 'zeros')).code).toBe('usage');
    expect(failureOf(await asked('mask.tif', '--slices', '4')).code).toBe(
      'stack.slice-out-of-range',
    );
    expect(failureOf(await asked('image.tif')).code).toBe('export.same-file');
    expect(await readdir(lines.folder)).not.toContain('mask.tif');
  });

  it(
    'segments what is missing where it is told to, and leaves out what is where it is told that',
    async () => {
      const made = await asked('two.tif', '--slices', '1,3', '--missing', 'segment');
      expect(JSON.parse(made.stdout)).toMatchObject({
        ...{ what: 'mask', model: 'general', slices: [1, 3], leftOut: [] },
        values: [
          { value: 0, name: 'not membrane' },
          { value: 255, name: 'membrane' },
        ],
      });
      expect(JSON.parse((await lines.run('info', 'two.tif', '--json')).stdout)).toMatchObject({
        depth: 2,
        type: 'uint8',
        voxelSize: { x: 4, z: 50 },
      });
      const rest = await asked('rest.tif', '--what', 'probability', '--missing', 'leave-out');
      expect(JSON.parse(rest.stdout)).toMatchObject({ slices: [1, 3], leftOut: [0, 2] });
      expect(failureOf(await asked('all.tif', '--what', 'probability')).message).toContain(
        'Slices 0,2 ',
      );
    },
    slow,
  );
});
