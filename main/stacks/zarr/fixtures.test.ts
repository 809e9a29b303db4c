import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStack } from '../open-stack';

const folder = join(import.meta.dirname, 'fixtures');
const signal = new AbortController().signal;
const names = readdirSync(folder).filter((name) => name.endsWith('.zarr') && !name.includes('bz2'));

describe('a Zarr that zarr-python wrote', () => {
  it.each(names)('%s has the pixels that were put into it', async (name) => {
    const source = await openStack(join(folder, name), { signal });
    const { width, height, depth, warnings, voxelSize } = source.info;
    expect([width, height, depth, warnings]).toEqual([50, 40, 3, []]);
    expect(voxelSize).toEqual({ x: 4, y: 4, z: 50, source: 'file' });
    for (let z = 0; z < depth; z += 1) {
      const { data, bad } = await source.readRegion(z, { x: 0, y: 0, width, height }, 0, signal);
      expect(bad).toEqual([]);
      const wanted = Array.from(
        { length: width * height },
        (_, at) => (z * 67 + Math.floor(at / width) * 13 + (at % width) * 7) % 251,
      );
      expect(Array.from(data, Number)).toEqual(wanted);
    }
    await source.close();
  });

  it('with a codec that we lack is refused by the name of the codec', async () => {
    const opening = openStack(join(folder, 'v2-bz2.zarr'), { signal });
    await expect(opening).rejects.toMatchObject({
      code: 'stack.unsupported',
      message: expect.stringContaining('“bz2”') as string,
    });
  });
});
