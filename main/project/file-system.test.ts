import { expect, it } from 'vitest';
import { makeFolderDurably } from './file-system';
import { faultyFileSystem } from './testing/faulty-file-system';
import { PowerLossDisk } from './testing/power-loss-file-system';

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
