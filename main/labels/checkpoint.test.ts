import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalFolder } from '../storage/journal/journal-segment';
import {
  commitNames,
  NaiveLabels,
  newProject,
  paintThree,
  quickStorage,
  shape,
  temporaryFolder,
} from '../project/testing/sample-project';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

describe('a checkpoint', () => {
  it('leaves two plain OME-Zarr images with the voxel size in nm', async () => {
    const project = await newProject(folder);
    const naive = new NaiveLabels();
    await paintThree(project, naive);
    await project.close();
    for (const [name, meaning] of [
      ['membranes', (label: number) => label & 0x7f],
      ['membranes-review', (label: number) => (label >= 128 ? 2 : label === 0 ? 0 : 1)],
    ] as const) {
      const image = join(folder, 'labels', 'stack-1', `${name}.ome.zarr`);
      const array: unknown = JSON.parse(await readFile(join(image, '0', '.zarray'), 'utf8'));
      expect(array).toMatchObject({
        zarr_format: 2,
        shape: [shape.depth, shape.height, shape.width],
        chunks: [1, 512, 512],
        dtype: '|u1',
        compressor: { id: 'zlib' },
        dimension_separator: '/',
      });
      const attributes: unknown = JSON.parse(await readFile(join(image, '.zattrs'), 'utf8'));
      const coordinateTransformations = [{ type: 'scale', scale: [50, 4, 4] }];
      expect(attributes).toMatchObject({
        multiscales: [{ version: '0.4', datasets: [{ path: '0', coordinateTransformations }] }],
      });
      for (let z = 0; z < shape.depth; z += 1) {
        const slice = naive.slice(z).map(meaning);
        const chunk = await readFile(join(image, '0', String(z), '0', '0')).catch(() => null);
        const pixels = chunk ? inflateSync(chunk) : new Uint8Array(512 * 512);
        for (let y = 0; y < 512; y += 1) {
          const row = slice.subarray(y * shape.width, y * shape.width + 512);
          expect(Buffer.compare(pixels.subarray(y * 512, y * 512 + 512), row)).toBe(0);
        }
      }
    }
  });

  it('keeps two generations, and drops journal segments that neither needs', async () => {
    const options = { ...quickStorage, segmentBytes: 600, undoBytes: 0 };
    const project = await newProject(folder, options);
    const naive = new NaiveLabels();
    const logs = async (): Promise<number[]> =>
      (await readdir(journalFolder(folder))).flatMap((name) =>
        name.endsWith('.log') ? [Number.parseInt(name, 10)] : [],
      );
    await paintThree(project, naive, 1);
    await project.labels.checkpoint();
    const firstLogs = await logs();
    await paintThree(project, naive, 4);
    await project.labels.checkpoint();
    // The first checkpoint is still a fallback, so what follows it stays.
    expect(await logs()).toEqual(expect.arrayContaining([firstLogs.at(-1)! + 1]));
    await paintThree(project, naive, 7);
    await project.labels.checkpoint();
    expect((await logs()).some((number) => firstLogs.includes(number))).toBe(false);
    expect(await commitNames(folder)).toHaveLength(2);
    await project.close();
  });

  it('never drops what undo may still refer to', async () => {
    const options = { ...quickStorage, segmentBytes: 600, undoBytes: 1e6 };
    const project = await newProject(folder, options);
    for (let round = 0; round < 4; round += 1) {
      await paintThree(project, new NaiveLabels(), 1 + 3 * round);
      await project.labels.checkpoint();
    }
    expect(await project.history(1e6)).toHaveLength(12);
    await project.close();
  });
});
