import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolderDurably } from './file-system';
import { nodeFileSystem } from './node-file-system';
import { faultyFileSystem } from './testing/faulty-file-system';
import { PowerLossDisk } from './testing/power-loss-file-system';
import { temporaryFolder } from '../project/testing/sample-project';

it('a folder whose flush failed is flushed again before it counts as made', async () => {
  // Of what was not flushed nothing survives.
  const disk = new PowerLossDisk(() => 0.9);
  let broken = true;
  const files = faultyFileSystem(
    (operation) => (broken && operation === 'sync' ? { code: 'EIO' } : null),
    disk,
  );
  await expect(makeFolderDurably(files, '/labels')).rejects.toMatchObject({ code: 'EIO' });
  broken = false;
  await makeFolderDurably(files, '/labels/slice');
  await makeFolderDurably(files, '/labels');
  disk.cut();
  expect(await disk.status('/labels/slice')).toMatchObject({ kind: 'folder' });
});

it('a file keeps its identity under another name, and one of the same bytes has another', async () => {
  const { folder, remove } = await temporaryFolder();
  for (const [files, place] of [
    [nodeFileSystem, folder],
    [new PowerLossDisk(() => 0), '/'],
  ] as const) {
    const path = join(place, 'a.log');
    const file = await files.open(path, 'wx');
    const identity = await file.identity();
    expect((await files.status(path))?.identity).toBe(identity);
    await files.rename(path, join(place, 'b.log'));
    expect(await file.identity()).toBe(identity);
    expect((await files.status(join(place, 'b.log')))?.identity).toBe(identity);
    const other = await files.open(path, 'wx');
    expect(await other.identity()).not.toBe(identity);
    await other.close();
    await file.close();
  }
  await remove();
});
