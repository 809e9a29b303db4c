import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryFolder } from '../project/testing/sample-project';
import { assertTarget } from './export-target';

let folder = '';
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ folder, remove } = await temporaryFolder());
});
afterEach(() => remove());

it('an export goes to no place where a stack of the project or the project lies, by whatever name', async () => {
  const at = (...names: string[]): string => join(folder, ...names);
  await mkdir(at('slices.zarr'));
  await mkdir(at('P.emproj'));
  await writeFile(at('stack.tif'), 'x');
  await symlink(folder, at('again'));
  const project = {
    stackPaths: [at('slices.zarr'), at('stack.tif'), at('gone', 'old.tif')],
    folder: at('P.emproj'),
  };
  for (const taken of [
    at('stack.tif'),
    at('again', 'stack.tif'),
    at('slices.zarr'),
    at('slices.zarr', 'mask.tif'),
    at('P.emproj', 'mask.tif'),
    folder,
  ])
    await expect(assertTarget(taken, project)).rejects.toMatchObject({ code: 'export.same-file' });
  for (const free of [at('mask.tif'), at('stack.tif.nrrd'), at('P.emproj2'), at('slices-png')])
    await expect(assertTarget(free, project)).resolves.toBeUndefined();
});
