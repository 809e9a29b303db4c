import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../project/testing/sample-project';
import { openStack } from '../../../stacks/open-stack';
import { FolderTarget } from '../folder-target';
import { ArrayWriter } from './array-writer';

const [depth, height, width] = [5, 37, 45];
const value = (z: number, i: number): number => (z * 7919 + i * 31) % 60_000;
const slice = (z: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: width * height }, (_, i) => value(z, i));

it.each([2, 3] as const)(
  'an array of version %s reads back over all its shards, those at the borders too',
  async (version) => {
    const { folder, remove } = await temporaryFolder();
    const path = join(folder, 'out.zarr');
    const target = await FolderTarget.create(path);
    const shape = [depth, height, width] as const;
    const layout = { shape, chunk: [1, 8, 8], shard: [2, 16, 24], type: 'uint16' } as const;
    const writer = new ArrayWriter(target, '0', layout, version);
    for (let z = 0; z < depth; z += 1) await writer.append(slice(z));
    await writer.finish();
    await target.finish();
    if (version === 3) {
      expect(await readdir(join(path, '0', 'c'))).toEqual(['0', '1', '2']);
      expect(await readdir(join(path, '0', 'c', '2'))).toEqual(['0', '1', '2']);
      expect(await readdir(join(path, '0', 'c', '2', '2'))).toEqual(['0', '1']);
    }
    const { signal } = new AbortController();
    const source = await openStack(join(path, '0'), { signal });
    expect(source.info).toMatchObject({ width, height, depth, type: 'uint16' });
    for (let z = 0; z < depth; z += 1) {
      const region = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
      expect(region.bad).toEqual([]);
      expect(region.data).toEqual(slice(z));
    }
    await source.close();
    await remove();
  },
);
