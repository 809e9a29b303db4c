import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathOfPart, severalStacks } from './several-stacks';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'membrana-parts-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('one of several stacks', () => {
  it('lies in a file behind its name, in a folder below it', async () => {
    await writeFile(join(folder, 'a.h5'), 'x');
    expect(await pathOfPart(join(folder, 'a.h5'), '/volumes/raw')).toBe(
      `${join(folder, 'a.h5')}::/volumes/raw`,
    );
    await mkdir(join(folder, 'b.zarr', 'images', 'raw'), { recursive: true });
    expect(await pathOfPart(join(folder, 'b.zarr'), 'images/raw')).toBe(
      join(folder, 'b.zarr', 'images', 'raw'),
    );
  });

  it.each(['..', '../secret', 'link', '/etc', '.', 'gone'])(
    'is nothing outside of the folder (%s)',
    async (part) => {
      const zarr = join(folder, 'b.zarr');
      await mkdir(zarr);
      await mkdir(join(folder, 'secret'));
      await symlink(join(folder, 'secret'), join(zarr, 'link'));
      await expect(pathOfPart(zarr, part)).rejects.toMatchObject({ code: 'file.not-found' });
    },
  );

  it('is told with the first others, and listed with all that can be chosen', () => {
    const parts = Array.from({ length: 300 }, (_, i) => `/set ${String(i)}`);
    const { message, data } = severalStacks(
      'a.h5',
      'holds 300 pictures',
      ['/odd\nname', ...parts],
      '',
    );
    expect(message).toBe(
      'a.h5 holds 300 pictures: /odd\nname, /set 0, /set 1, /set 2, /set 3 and 296 more.',
    );
    expect(String(data['parts']).split('\n')).toEqual(parts.slice(0, 200));
  });
});
